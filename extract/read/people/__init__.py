"""Who signed it, and whose page it is."""
