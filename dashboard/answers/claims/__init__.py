"""The claims of the public statement of April 2025: what of each can be shown today, with which figure."""
