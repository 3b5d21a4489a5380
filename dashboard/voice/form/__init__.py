"""The public form: plain HTML without script or cookie, its words in the languages of the centres, and its poster."""
