"""United Nations Statistics Division: the Global SDG Indicators Database, by API and by file."""
