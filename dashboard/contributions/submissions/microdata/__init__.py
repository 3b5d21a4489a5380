"""Survey microdata: a file of answers in, estimates with intervals out, and nothing of the file left behind.

* ``model``: the questions that are estimated, and what a mapping says of a file's columns
* ``sealed``: files encrypted as they come, one key a file, outside the data directory
* ``files``, ``recode``: SPSS, Stata, CSV and Parquet as columns with labels; labels as answers
* ``rules``, ``estimates``: what must hold of a mapped file; estimates, and what of them must be hidden
* ``child``: the process with limits in which all of this runs
* ``retention``: destroying a file's key, and the receipt
* ``tables``, ``store``: what is kept beside the submission
"""
