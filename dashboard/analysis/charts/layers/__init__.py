"""What kinds of chart are made of."""
