"""Chapter 11 · Complex claims (疑难案件处理)."""
