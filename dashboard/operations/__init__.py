"""Running the product: nothing that is published is lost, and whoever runs it learns what is wrong.

* ``prepare``: what is done before a server starts
* ``rebuild``: the record anew, from what is published
* ``upkeep``: every published file looked at again and again, a damaged one made anew from the record
* ``following``: what another machine publishes is in force here, too
* ``backup``, ``archive``, ``retention``: everything in one file, proven by its hashes, and back again; which stay
* ``doctor``: what stands in the way, and what to do
* ``supervision``: the server starts again when it dies, and nothing outlives whoever started it
* ``logs``: what happened; ``trouble``: errors in words
"""
