"""Who may do what: people, their roles, how they show who they are, and a record of what was done that nobody can edit.

* ``model``: roles and what they may, ``Account``, ``Principal``, the errors
* ``sessions``: ``principal_of(cookie_header, settings) -> Principal | None``, and what begins and ends a session
* ``people``: inviting, accepting, changing rights, revoking, resetting
* ``login``: password and one-time code, with limits; ``oidc``: an organisation's own login instead
* ``credentials``: passwords and one-time codes; ``tokens``: random secrets, what is kept of them, and seals
* ``audit``: ``record(connection, …)``, ``verify``, ``export``
* ``mail``: invitations and resets by SMTP
* ``tables``, ``store``: the tables and the SQL about them

Readers have no account. Who is asking is read from the database at every request (``docs/decisions/0020-accounts.md``).
"""
