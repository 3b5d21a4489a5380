"""Files that leave the house: workbooks of figures with their sources. Pure: words and rows in, bytes out."""
