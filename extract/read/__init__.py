"""Pages: what an article says, who signed it, and when it was published."""
