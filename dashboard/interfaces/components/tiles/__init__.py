"""Small pictures that several pages show: country tiles, the count of adopters, sparklines."""
