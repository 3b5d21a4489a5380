"""Progress towards a target by the methods of UNSD, Eurostat, Statistics Canada, ESCAP, SDSN, OECD and Destatis.

They disagree by design, so every answer names its method and edition and carries its arithmetic.
"""
