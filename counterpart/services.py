"""The table of parties that are played: a new one is a module and a line here."""

from __future__ import annotations

from counterpart import bank, messages
from counterpart.shape import Service

SERVICES: tuple[Service, ...] = (
    bank.SERVICE,
    messages.SERVICE,
)
