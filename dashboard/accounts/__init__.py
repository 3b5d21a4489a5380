"""People, roles, sessions and the audit trail; readers have no account (``docs/decisions/0020-accounts.md``)."""
