"""Chapter 6 · Systems (理赔信息系统管理).

6.2 security     who comes into the house, what they may there, and when that ends
"""
