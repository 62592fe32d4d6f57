"""Excess of loss reinsurance: one layer, by risk or by event."""
