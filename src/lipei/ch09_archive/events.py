"""What chapter 9 tells the others."""

VOLUME_OPENED = "archive.volume_opened"
PAPER_ARRANGED = "archive.paper_arranged"
CLAIM_ARCHIVED = "archive.claim_archived"
"""The volume is on the shelf and proves itself."""
