"""Goals, targets and governance principles with the indicators linked to them."""
