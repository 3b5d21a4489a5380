"""Transparency International: Global Corruption Barometer."""
