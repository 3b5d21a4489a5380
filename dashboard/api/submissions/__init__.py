"""Sending figures: the API by personal token, and plain pages with forms that need no script and no websocket.

* ``upload``: a form with a file, streamed into the private folder
* ``public``: templates, receipts and deadlines, for everybody
* ``token``: ``POST /submissions`` and what belongs to it; ``desk``: ``/contribute/`` and ``/review/``
"""
