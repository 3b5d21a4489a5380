"""Pure Polars: what is computed from published figures, and when nothing is. No I/O, no clock, no settings.

Null stays null on every path. What a function cannot say it refuses with a reason code and no number.
"""
