"""Nobody is named in what is stored: texts without numbers, addresses and names (``redact``)."""
