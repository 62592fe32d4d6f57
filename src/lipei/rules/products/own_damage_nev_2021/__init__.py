"""Own damage of new-energy cars, clauses of 2021."""
