"""What is forgotten, out of every file: the archive's documents, the rows, what was made from them, and what a kill left half done."""
