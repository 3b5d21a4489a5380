"""Charts by address: the query, what is drawn of it, and what controls offer."""
