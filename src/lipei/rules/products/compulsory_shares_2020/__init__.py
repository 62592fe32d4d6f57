"""What each of several compulsory covers bears: the same formula, limits of 2020."""
