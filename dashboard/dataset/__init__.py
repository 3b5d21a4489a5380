"""The published dataset: immutable versions made of the record, and how everything to the right reads them.

* ``schema``: the columns every observation carries
* ``identity``: the id of an observation
* ``publish``: the record as a new version, put in force in one step
* ``store``: ``Dataset``, a handle on one version; ``changes``: what differs between two states of it
* ``layout``, ``derived``: where things lie in a version, and what is worked out when it is made
"""
