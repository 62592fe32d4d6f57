"""A file of claims settled by an edition: any number of rows in bounded memory.

Rows are read in chunks (the rows of one key kept together), checked column by column, settled in
blocks that fit the cache by the very rules that settle one claim, and written as they come. A
bad row goes to the file of rejects with its number and the reason; nothing stops for it and
nothing is dropped in silence. Reading and sorting are Polars' work; whole numbers are written as
they lie in memory.
"""

from lipei.rules.batch.file import Batch, settle_file
from lipei.rules.batch.frame import Room, settle_frame

__all__ = ["Batch", "Room", "settle_file", "settle_frame"]
