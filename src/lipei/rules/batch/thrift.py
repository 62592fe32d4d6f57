"""Thrift's compact protocol, in which a Parquet file tells of itself: records read and written.

A record is its fields by number, each with its kind, so that whatever was read is written again
as it was, also where nobody here knows what it means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

YES, NO, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, _, RECORD = range(1, 13)
WIDE_LIST = 15
WIDE_STEP = 15
SEVEN_BITS, MORE = 0x7F, 0x80
Record = dict[int, tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Several:
    """Values of one kind, one after the other; records may already be written."""

    kind: int
    values: Sequence[Any]


def varint(number: int) -> bytes:
    """A whole number, not negative, seven bits a byte, the lowest first."""
    told = bytearray()
    while number > SEVEN_BITS:
        told.append(number & SEVEN_BITS | MORE)
        number >>= 7
    told.append(number)
    return bytes(told)


def written(record: Record) -> bytes:
    """A record as bytes."""
    told, last = bytearray(), 0
    for number, (kind, value) in sorted(record.items()):
        step = number - last
        if 0 < step <= WIDE_STEP:
            told.append(step << 4 | kind)
        else:
            told += bytes([kind]) + _signed(number)
        told += _value(kind, value)
        last = number
    return bytes(told) + b"\0"


def _value(kind: int, value: Any) -> bytes:  # noqa: ANN401  what a field holds is its kind's matter
    if kind in {YES, NO}:
        return b""
    if kind in {I16, I32, I64}:
        return _signed(value)
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    if isinstance(value, bytes):
        return value
    if kind == RECORD:
        return written(value)
    assert kind in {LIST, SET}
    size = len(value.values)
    head = bytes([min(size, WIDE_LIST) << 4 | value.kind])
    more = varint(size) if size >= WIDE_LIST else b""
    return head + more + b"".join(_value(value.kind, one) for one in value.values)


def _signed(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


class Reader:
    """Records out of bytes, from a place on."""

    def __init__(self, told: bytes, *, at: int = 0) -> None:
        self.told, self.at = told, at

    def record(self) -> Record:
        """The record that stands here."""
        fields: Record = {}
        number = 0
        while head := self._bytes(1)[0]:
            step, kind = head >> 4, head & 0x0F
            number = number + step if step else self._signed()
            fields[number] = (kind, self._value(kind))
        return fields

    def _value(self, kind: int) -> Any:  # noqa: ANN401  what a field holds is its kind's matter
        if kind in {YES, NO}:
            return kind == YES
        if kind in {I16, I32, I64}:
            return self._signed()
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind == RECORD:
            return self.record()
        if kind in {LIST, SET}:
            head = self._bytes(1)[0]
            size = self._varint() if head >> 4 == WIDE_LIST else head >> 4
            return Several(head & 0x0F, [self._value(head & 0x0F) for _ in range(size)])
        assert kind in {BYTE, DOUBLE}, kind
        return self._bytes(1 if kind == BYTE else 8)

    def _bytes(self, number: int) -> bytes:
        self.at += number
        return self.told[self.at - number : self.at]

    def _varint(self) -> int:
        number = place = 0
        while True:
            byte = self._bytes(1)[0]
            number |= (byte & SEVEN_BITS) << place
            if byte < MORE:
                return number
            place += 7

    def _signed(self) -> int:
        number = self._varint()
        return number >> 1 if number & 1 == 0 else -(number + 1 >> 1)
