"""Driver and passengers 车上人员责任险, model clauses of 2014."""
