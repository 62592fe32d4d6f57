"""Accident cover whose contract has a table of ten ratios of its own."""
