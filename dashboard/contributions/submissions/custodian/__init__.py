"""What a country gives the custodian of SDG 16 each year, and what it takes to have it.

``call``: figures for UNDP's data call and what is missing for it; ``pack``: the same as files, in a layout of our own;
``questionnaire``: a form (XLSForm) with which a survey of SDG 16.6.2 and 16.7.2 is taken.
"""
