"""NHS England: A&E waiting times and activity."""
