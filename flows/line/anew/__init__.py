"""What is kept, read, grouped or computed anew, without asking anybody."""
