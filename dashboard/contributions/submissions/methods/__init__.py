"""How figures were made: said once for all of a submission, and apart for an indicator; read, resolved, confirmed."""
