"""The limits of each cover, as the cover itself reads them."""

from lipei.rules.products.compulsory_motor_2008.rules_limits import (
    death_event_limit_fen,
    medical_event_limit_fen,
    property_event_limit_fen,
)

__all__ = ["death_event_limit_fen", "medical_event_limit_fen", "property_event_limit_fen"]
