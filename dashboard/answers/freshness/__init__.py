"""What was asked of publishers, what they answered, and where the dataset stands."""
