"""World Bank: GovTech Maturity Index, component sums."""
