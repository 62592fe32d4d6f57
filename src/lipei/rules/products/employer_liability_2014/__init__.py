"""Liability of an employer towards employees (2014)."""
