"""The living of dependants: the formula, with the figures of town for everybody."""
