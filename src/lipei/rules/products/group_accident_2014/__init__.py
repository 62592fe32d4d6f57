"""Group accident cover with a common pool (2014)."""
