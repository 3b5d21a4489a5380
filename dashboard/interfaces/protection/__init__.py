"""Limits around the product, so that no client can harm others and nothing a client sends is trusted unchecked."""
