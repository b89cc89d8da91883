"""What is made from what is kept, and can be made again: sketches for grouping, the mark of the search index."""
