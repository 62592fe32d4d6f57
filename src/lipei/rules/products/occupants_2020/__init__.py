"""Driver and passengers, model clauses of 2020."""
