"""The division of one sum among beneficiaries or heirs (law as amended in 2014)."""
