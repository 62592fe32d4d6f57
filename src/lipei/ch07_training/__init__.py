"""Chapter 7 · Training (培训与考核)."""
