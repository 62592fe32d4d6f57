"""Chapter 5 · Service (客户咨询服务)."""
