"""Chapter 4 on screen: the orders of finance, and the receipts."""
