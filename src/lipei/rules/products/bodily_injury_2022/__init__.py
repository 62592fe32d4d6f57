"""Bodily injury by heads: the formula, with the figures of town for everybody."""
