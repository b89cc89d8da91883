"""Feeds: what they list, and when to look at them again."""
