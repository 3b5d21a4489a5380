"""``/training/lessons/``: a lesson for each role, to be done in a training workspace and nowhere else.

``lessons.toml`` holds whose they are and their steps, ``words/`` what they say in four languages.
"""
