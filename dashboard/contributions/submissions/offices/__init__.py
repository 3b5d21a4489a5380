"""Offices of one country side by side: whose an indicator is, and what becomes of a figure that two of them send."""
