"""How countries send their own figures, for everybody to read."""
