"""Files as rows: safe reading in a process of its own, and everything noticed on the way named in findings.

* ``process``: ``read_file(…)``, the process with its limits; ``child``, what runs in it
* ``text``, ``workbook``, ``message``: CSV, XLSX and SDMX-ML as ``Sheet``s of cells; ``markup``: what of a workbook its
  cells do not show
* ``heads``: which column is what; ``figures``: the one frame of rows; ``cells``: what a cell means
"""
