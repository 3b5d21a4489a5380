"""``/brief/``: a brief of one's own, whose address is all there is of it."""
