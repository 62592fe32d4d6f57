"""The table of parties that are played: a new one is a module and a line here."""

from __future__ import annotations

from counterpart import bank, core, messages
from counterpart.shape import Service

SERVICES: tuple[Service, ...] = (
    bank.SERVICE,
    core.SERVICE,
    messages.SERVICE,
)
