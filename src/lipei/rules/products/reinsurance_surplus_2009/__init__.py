"""Proportional reinsurance: surplus and quota share of one risk."""
