"""Government of Canada: GC Service Inventory and Service Performance."""
