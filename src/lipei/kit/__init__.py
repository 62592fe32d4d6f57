"""The tools that every chapter shares: clock, journal, ledger, jobs, files. They know no claim."""
