"""Third-party liability, model clauses of 2014."""
