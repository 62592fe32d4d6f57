"""What the pages of branches and people show and ask."""
