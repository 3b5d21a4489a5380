"""``/voice/integrity/``: reports of a country, for its named officer."""
