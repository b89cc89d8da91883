"""When, and in what order: Prefect, settings and the command line."""
