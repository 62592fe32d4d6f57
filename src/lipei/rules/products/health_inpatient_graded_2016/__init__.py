"""Inpatient medical cover with a graded scale 分级累进: the more a stay costs, the more of it."""
