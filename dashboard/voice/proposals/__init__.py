"""Proposals of a language model at an address of the operator's own: off by default, measured here, never trusted.

``endpoint`` asks it for the theme of one redacted text; ``asking`` asks for what the classifier is silent on, measures
the answers on staff's labels, and says which of them may count.
"""
