"""``/voice/<centre>/``: the public form of a centre, without script or cookie, and its poster."""
