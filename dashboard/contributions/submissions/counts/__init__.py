"""Monthly counts of services: a ministry's file becomes centres and reports, by the same four eyes as its figures.

* ``child``: what runs in the reading process
* ``intake``: ``read_counts``, what of it is new (``preview``), and keeping it when it is published (``keep_on``)

The columns are those of ``dashboard.contributions.delivery.model``, which are codes in every language; a submission is
of one month.
"""
