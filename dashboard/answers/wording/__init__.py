"""Figures, changes and citations in words, and how far a figure carries."""
