"""Pages that web archives captured: their files in every dialect, and which of their records are wanted."""
