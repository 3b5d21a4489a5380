"""Telling people what changed, without an account: by mail or by webhook, of what they chose, until they stop it.

* ``model``: what is followed and how often; ``tables`` and ``store``: as it is kept, its address encrypted
* ``signup``: asking, confirming, stopping
* ``digest``: what changed, in words; ``letters``: as mail; ``webhook``: signed and posted
* ``sweep``: what is due, once each, by however many servers
"""
