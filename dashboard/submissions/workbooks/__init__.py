"""Workbooks that go to ministries: the template to fill in, and (``marked``, in a process of its
own: ``marking``) their own with the findings in it.
"""
