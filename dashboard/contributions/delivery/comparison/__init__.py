"""Centres compared like with like: ``by_service`` adds up and compares, ``views`` tells it in words."""
