"""What is kept: the archive, the working file and the people's copy. The only place that knows DuckDB."""
