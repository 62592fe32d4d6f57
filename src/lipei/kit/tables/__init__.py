"""Tables that people hand in: CSV, XLSX and Parquet, read row by row into texts.

``open_table`` looks at a file as a whole and refuses it by name; ``Table.rows`` gives its rows,
each with what is wrong with it; ``Reading`` reads the cells of a row by the columns that a
mapping names, and gathers every fault in words instead of stopping at the first.
"""

from lipei.kit.tables.cells import (
    amount_cell,
    code_cell,
    day_cell,
    instant_cell,
    rate_cell,
    yes_no_cell,
)
from lipei.kit.tables.faults import Fault, Reading, Row, fault_of
from lipei.kit.tables.keeping import erase_table, fetched, keep_table, safe_cell
from lipei.kit.tables.mapping import guessed, heading
from lipei.kit.tables.opening import Limits, Table, open_table

__all__ = [
    "Fault",
    "Limits",
    "Reading",
    "Row",
    "Table",
    "amount_cell",
    "code_cell",
    "day_cell",
    "erase_table",
    "fault_of",
    "fetched",
    "guessed",
    "heading",
    "instant_cell",
    "keep_table",
    "open_table",
    "rate_cell",
    "safe_cell",
    "yes_no_cell",
]
