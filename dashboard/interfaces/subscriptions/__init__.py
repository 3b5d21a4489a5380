"""Tell people by mail or webhook what changed in what they follow; no account is needed."""
