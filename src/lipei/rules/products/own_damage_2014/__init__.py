"""Own damage, model clauses of 2014."""
