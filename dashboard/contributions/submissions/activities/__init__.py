"""Activities under the Contribution Agreement: a file of its two parties, by the same four eyes as figures.

* ``child``: what runs in the reading process
* ``intake``: reading a file, what is in force, what a correction would take away

A submission is of one year; what is published of it is in force until a later one of the year supersedes it.
"""
