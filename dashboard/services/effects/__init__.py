"""Did adoption change anything? Plans, the jobs that carry them out, and their results in words."""
