"""Contribution between insurers of the same loss under the Insurance Law of 2009."""
