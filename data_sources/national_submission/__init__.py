"""Figures that countries send themselves: nothing to ask, they come in through
``dashboard/contributions/submissions``."""
