"""SDMX as text: structures, queries and messages of both generations. Pure: no dataset, no settings, no clock.

Version 3.0 is what REST 2.x answers (``/api/sdmx/v2``), version 2.1 what REST 1.x does (``/api/sdmx/v1``); an answer is
of one of them throughout.
"""
