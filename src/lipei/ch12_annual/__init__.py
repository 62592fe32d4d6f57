"""Chapter 12 · The year (年度总结与计划)."""
