"""One module per group of addresses below ``/api/v1``."""
