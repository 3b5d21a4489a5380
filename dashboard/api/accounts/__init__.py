"""Logging in, the own account and administration: plain pages with forms that need no script and no websocket.

``routes.install(api, settings)`` adds them where accounts are switched on. ``access.caller`` and ``access.allowed``
tell other routes who is asking.
"""
