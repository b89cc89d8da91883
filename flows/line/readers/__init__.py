"""Readers on other machines: a Dask cluster behind the sandbox's own face."""
