"""Pages and charts of service counts that the server writes: one centre over its months, centres of a country drawn."""
