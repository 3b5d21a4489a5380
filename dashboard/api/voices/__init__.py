"""``/voice/review/`` and ``/voice/integrity/``: plain forms for those who read what citizens say, one country each.

``routes.install(api)`` adds them where accounts are switched on, before the public form, whose addresses are alike.
"""
