"""What chapter 9 tells the others."""

VOLUME_OPENED = "archive.volume_opened"
PAPER_ARRANGED = "archive.paper_arranged"
NO_PAPER = "archive.no_paper"
"""Nothing of the claim lies here on paper: there is nothing to arrange for the first time."""
CLAIM_ARCHIVED = "archive.claim_archived"
"""The volume is on the shelf and proves itself."""
