"""National SDG reporting platforms built with Open SDG: a country's own figures, in its own definition."""
