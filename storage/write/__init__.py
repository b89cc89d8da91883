"""A run's rows, a table a file."""
