"""Events, claims and agreements of the adoption register, and statuses derived from them."""
