"""``/{lang}/sdmx/``: which figures the global SDG structure holds, which not, and why."""
