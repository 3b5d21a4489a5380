"""A table in the page: an office types or pastes its figures, and they are kept as they stand at each pause.

* ``block``: a block of cells as spreadsheets put it on the clipboard
* ``draft``: the rows of an office and a year, and what is written in them: kept, taken back, found faults with
* ``sending``: what is filled in as a file of figures, which goes the way of every file
* ``tables``, ``store``: drafts, and the only SQL about them
"""
