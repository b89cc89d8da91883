"""Handing on what is kept: a data set in a folder, which describes itself, and its articles fetched again by somebody else."""
