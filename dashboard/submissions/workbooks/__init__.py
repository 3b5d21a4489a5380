"""Workbooks that go to ministries: the template to fill in, and (``marked``) their own with the findings in it."""
