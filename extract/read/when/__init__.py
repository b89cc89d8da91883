"""When it was published."""
