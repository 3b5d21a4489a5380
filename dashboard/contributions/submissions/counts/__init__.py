"""Rows of monthly counts as centres and reports, in a process with limits (``child``, ``rows``); see ``kinds.counts``.

The columns are those of ``dashboard.contributions.delivery.model``, which are codes in every language.
"""
