"""Surveys of the public by somebody other than the office that serves."""
