"""Assistants by the Model Context Protocol: the same services as the pages, each number with what must go with it."""
