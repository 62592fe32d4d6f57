"""Accident medical cover 意外医疗: costs of an accident above a deductible, by a ratio."""
