"""What is handed on of a warehouse: which columns of which tables, as files in a folder."""
