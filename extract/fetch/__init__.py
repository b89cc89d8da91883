"""Asking hosts: politely, within bounds, and never an address of this machine's own network."""
