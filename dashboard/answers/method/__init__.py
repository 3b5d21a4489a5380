"""The method page: every rule with the constants it uses."""
