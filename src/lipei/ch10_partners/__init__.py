"""Chapter 10 · Partners (合作单位管理)."""
