"""What a person sees of a run: bars, pictures, alerts and the day's page; and Prefect's server behind its guard."""
