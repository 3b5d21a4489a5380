"""A country and the index of all: profile, goals, peers, what its agency reports."""
