"""Requests to publishers: limits, retries, pages, raw replies, what went wrong."""
