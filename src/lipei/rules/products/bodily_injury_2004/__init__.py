"""Bodily injury by heads: the same formula, with figures apart for town and country."""
