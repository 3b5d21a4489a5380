"""United Nations: the SDG database as the UN System Data Commons gives it, a second reading of the same series."""
