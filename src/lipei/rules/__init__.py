"""Benefit rules: pure functions over whole-number columns, with no framework and no clock."""

from lipei.rules.facts import FactRefused
from lipei.rules.products.edition import Accumulator, Edition, Paper
from lipei.rules.products.load import edition, edition_for, edition_names, is_awaiting
from lipei.rules.products.places import content_hash, open_folder
from lipei.rules.settlement import (
    Settlement,
    failed_cases,
    settle,
    settle_many,
    settle_together,
)
from lipei.rules.steps import Step

__all__ = [
    "Accumulator",
    "Edition",
    "FactRefused",
    "Paper",
    "Settlement",
    "Step",
    "content_hash",
    "edition",
    "edition_for",
    "edition_names",
    "failed_cases",
    "is_awaiting",
    "open_folder",
    "settle",
    "settle_many",
    "settle_together",
]
