"""``/code/…``: code that reads the rows of a table in Python, R, Excel, Power BI and Stata."""
