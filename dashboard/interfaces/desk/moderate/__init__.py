"""``/voice/review/``: opinions of a country, and answers to them."""
