"""``/embed/``: charts inside pages of others."""
