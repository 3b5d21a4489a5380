"""Figures fetched from an office's own address at times it sets: they arrive as drafts and go no further alone.

``model``: an address and how it stands; ``directory``: setting and removing it; ``fetching``: asking it, in a process
of its own; ``sweep``: what is due, exactly once, by any number of servers; ``tables``, ``store``: the SQL.
"""
