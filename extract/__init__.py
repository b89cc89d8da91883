"""What it means: bytes to records. Knows no Prefect, no DuckDB and no settings file."""
