"""Statistics of published figures, in pure Polars: no I/O, no clock, no settings.

Null stays null on every path. A function that cannot answer refuses with a reason code and no number.
"""
