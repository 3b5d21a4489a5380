"""What may be told of people: their answers and reports in batches of ten."""
