"""Lipei（理赔）: a claims department that is run by its work manual."""
