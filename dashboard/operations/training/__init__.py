"""The training workspace: the product on a folder of its own, with invented figures of four invented countries.

It has no way of its own into the record: an invented figure is uploaded, checked, submitted, approved and published as
a real figure is. Only the command line and the composition root use this package.
"""
