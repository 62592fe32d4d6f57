"""Inpatient medical cover 住院医疗: costs of a stay, less what others pay, above a deductible."""
