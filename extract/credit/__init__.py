"""Whose text it is."""
