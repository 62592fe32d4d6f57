"""Inpatient medical cover of a family 家庭住院医疗: what its members share in a year."""
