"""Chapter 9 · Archive (文件与档案管理).

9.1 collection   one complete, ordered file for each claim
9.2 filing       the volume, its place, and how long it is kept
9.4 electronic   what is kept proves itself: the four properties
"""
