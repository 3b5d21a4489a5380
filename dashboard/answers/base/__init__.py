"""What every subject stands on: the context of a question, its errors, the answer cache, look-ups, rows and words."""
