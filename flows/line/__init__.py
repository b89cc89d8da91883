"""The steps of a run, in plain functions: what the flows put in their order, and what commands and tests call without Prefect."""
