"""Service delivery: monthly counts of centres come in, pooled rates go out; centres and regions; availability.

``model`` says what a report is and checks it, ``files`` reads CSV, ``store`` keeps, ``metrics`` computes from counts
(never from rates), ``probing`` asks public addresses whether they answer.
"""
