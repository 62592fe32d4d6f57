"""Third-party liability cover under the model clauses of 2020."""
