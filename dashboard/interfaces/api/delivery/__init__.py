"""Charts and files of service counts: one centre over its months, centres of a country drawn."""
