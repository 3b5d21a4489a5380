"""What goes back to ministries: the template to fill in, (``marked``, made in a process of its own) their own
workbook with the findings in it, and the receipt of what was published.
"""
