"""``/follow/``: being told what changed, without an account: asking, confirming, stopping."""
