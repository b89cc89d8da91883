"""What a page says of itself, to machines: JSON-LD, meta elements, and what is made of them."""
