"""Which articles are on a topic, and why."""
