"""Property, clauses of 2025: item by item by average, rescue apart, one deductible an event."""
