"""What each of several compulsory covers bears of one accident: the formula."""
