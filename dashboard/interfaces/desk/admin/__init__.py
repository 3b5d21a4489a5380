"""``/admin/`` and ``/account/colleagues``: who has an account, with which rights, and the audit trail."""
