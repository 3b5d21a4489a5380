"""What each vintage changed, and where one figure comes from."""
