"""The living of dependants: the same formula, with figures apart for town and country."""
