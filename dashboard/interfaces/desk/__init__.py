"""Pages that the server writes, and the forms on them: for people with an account, and for citizens.

A folder a desk; no desk knows another. ``routes.install(api, settings)`` adds them all.
"""
