"""``/actions/``: a country's decisions for everybody, and forms for those who decide; calendar and feed of them.

``routes.install(api, prefix)`` adds them where accounts are switched on: without accounts nobody decides.
"""
