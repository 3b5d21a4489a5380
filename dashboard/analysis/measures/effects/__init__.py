"""Effects of adoption: a plan first, then an estimate or the reasons why there is none."""
