"""What a person sees of Prefect: its server behind a guard, its password, and what a data folder is called there."""
