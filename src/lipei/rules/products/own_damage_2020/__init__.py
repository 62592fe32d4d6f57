"""Own damage cover under the model clauses of 2020."""
