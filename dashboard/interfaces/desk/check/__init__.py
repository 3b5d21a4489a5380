"""``/check/``: a draft held against the published figures, for everybody."""
