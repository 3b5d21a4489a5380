"""A draft held against the published figures: which of its numbers are ours, and what we hold of them."""
