"""Who gets what of a recovery and of salvage (law of 2009)."""
