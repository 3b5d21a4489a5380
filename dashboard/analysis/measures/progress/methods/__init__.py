"""One module per method of judging progress."""
