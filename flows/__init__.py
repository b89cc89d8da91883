"""When, and what a person sees: the flows, the settings, the command line."""
