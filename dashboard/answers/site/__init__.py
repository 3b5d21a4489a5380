"""The overview, its headline, what is available, and the first words of pages."""
