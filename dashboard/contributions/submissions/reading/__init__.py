"""Files as rows: safe reading in a process of its own, and everything noticed on the way named in findings.

* ``process``: ``read_file(…)``, the process with its limits; ``child``, what runs in it
* ``text``, ``books``, ``message``: CSV, workbooks and SDMX-ML as ``UploadSheet``s of cells
* ``heads``: which column is what; ``figures``: the one frame of rows; ``cells``: what a cell means
"""
