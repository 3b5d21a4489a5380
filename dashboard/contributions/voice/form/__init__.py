"""What the public form of a centre says: its words in the languages of the centres."""
