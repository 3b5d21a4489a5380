"""What is kept of files that are sent: how many and how large (``quota``), and for how long (``drafts``)."""
