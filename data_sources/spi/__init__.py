"""World Bank: Statistical Performance Indicators."""
