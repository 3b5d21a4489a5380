"""Reports: what stands in a country brief, a programme report and a statistical annex, and the files made of it.

The rooms' own answers are put in order here and nothing is computed anew, so that a report says what the pages say.
"""
