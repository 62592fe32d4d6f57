"""Chapter 8 · Risk management (风险管理).

8.1 signals   what is looked for in every payment before it may go out
"""
