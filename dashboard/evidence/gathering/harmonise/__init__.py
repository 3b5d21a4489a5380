"""Publishers' areas, units and codes made ours."""
