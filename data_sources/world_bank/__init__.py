"""World Bank: Indicators API, and the files the World Bank publishes for WDI and WGI."""
