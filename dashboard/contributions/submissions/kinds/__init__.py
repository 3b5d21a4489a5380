"""The kinds of submission, a module each: what it reads, checks, compares and publishes, behind one interface.

* ``base``: the interface (``Kind``), its defaults, and the periods that files are sent for
* ``figures``, ``survey``, ``counts``, ``activities``: the kinds
* ``registry``: ``KINDS`` by dataset and ``kind_of`` a submission; nobody else tells kinds apart by name
"""
