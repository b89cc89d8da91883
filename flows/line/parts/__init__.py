"""Fetching by several processes: the run that loads hands each part a list, and takes in what the part's archive file says."""
