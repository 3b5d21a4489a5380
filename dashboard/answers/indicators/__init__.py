"""An indicator and the index of all: cards, tables, breakdowns, national series."""
