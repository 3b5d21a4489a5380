"""The record: what was received, which runs did it, and every observation in dated vintages that never change.

Modules by subject, each with its tables and the only SQL about them:

* ``engine``: the database in effect, its transactions, ``migrate``
* ``records``: what was received, by hash
* ``runs``: gatherings and what became of each series
* ``vintages``: dated issues of the record, writing one and reading it as frames
* ``proposals``: changes that wait for a person
* ``leases``: who may gather now
"""
