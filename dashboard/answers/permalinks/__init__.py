"""Pages of what has a name of its own: a publisher's series, a vintage of the dataset."""
