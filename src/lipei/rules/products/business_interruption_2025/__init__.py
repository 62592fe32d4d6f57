"""Business interruption, clauses of 2025."""
