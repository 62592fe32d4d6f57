"""Chapter 6 · Systems (理赔信息系统管理)."""
