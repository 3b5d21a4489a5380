"""Did adoption change anything? Plans, their results, and both in words."""
