"""Accident cover 意外伤害: death, and disability by ten grades."""
