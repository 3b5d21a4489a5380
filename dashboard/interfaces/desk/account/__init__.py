"""``/account/``: ways in and out, and the own account."""
