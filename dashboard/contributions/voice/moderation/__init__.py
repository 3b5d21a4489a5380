"""What people of a country do with its opinions: moderators sort, release and answer; officers read integrity reports.

``opinions``, ``complaints`` and ``replies`` are the moderators', ``reports`` the officer's.
Every act is in the audit trail.
"""
