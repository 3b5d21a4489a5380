"""What governments that have not adopted the model publish of their services: a file of figures of its own.

It is beside the counts that adopters send and never among them: no figure here has a row in the database or the
dataset, so that no count, median, rank or estimate can meet it.
"""
