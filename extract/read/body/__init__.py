"""The text: where on the page it stands, and what there is not of it."""
