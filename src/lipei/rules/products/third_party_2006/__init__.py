"""Third-party liability, industry clauses of 2006 to 2009."""
