"""Countries side by side, and whether their figures may be compared."""
