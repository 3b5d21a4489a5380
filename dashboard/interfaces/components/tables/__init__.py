"""Tables that several pages show: rows of figures, the matrix, national series, revisions, reports."""
