"""Damages for paying late (edition of 2020)."""
