"""Sending figures by personal token (``token``, ``upload``), and what everybody may read of it (``public``)."""
