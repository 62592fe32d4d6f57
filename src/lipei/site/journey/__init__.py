"""What a claimant sees of a claim: whose turn it is, what is missing, how far it has come."""
