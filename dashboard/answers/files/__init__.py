"""What a view gives away as a file: rows, columns, sources, citations."""
