"""Decisions on figures: what calls for one, who takes it up by when, how it ended, and the figure again later.

``signals`` finds what changed, is missing or is not met; ``workflow`` opens and moves; ``views`` says it in words;
``feed`` gives it to calendars and readers of feeds. It changes no figure.
"""
