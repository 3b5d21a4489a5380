"""The database of the monitor: received records, gathering runs and vintages of observations that never change."""
