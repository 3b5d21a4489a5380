"""The register of adoption: events, claims and agreements, and the statuses derived from them."""
