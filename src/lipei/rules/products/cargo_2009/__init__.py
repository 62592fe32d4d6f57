"""Cargo at agreed value, clauses of 2009."""
