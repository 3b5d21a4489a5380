"""What changed between any two days, by name: figures, statuses, targets and answers to claims."""
