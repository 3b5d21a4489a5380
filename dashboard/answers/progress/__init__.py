"""Is there progress: assessments by nine methods, results against targets, projections and their limits."""
