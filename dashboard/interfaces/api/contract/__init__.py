"""What only the API says: its catalogue, embedding, feed, readiness."""
