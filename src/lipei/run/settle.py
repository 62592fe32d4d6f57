"""`lipei settle`: a file of claims settled by an edition of a product, from Parquet or CSV."""

import argparse
import importlib
import os
import time
from pathlib import Path

from lipei.kit.bar import Bar
from lipei.rules import FactRefused, edition, edition_names, open_folder
from lipei.rules.batch import Batch, settle_file
from lipei.run.steps import say
from lipei.run.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition, from where, to where."""
    parser.add_argument("--product", required=True, help="for example health_inpatient")
    parser.add_argument("--edition", required=True, help="for example 2025")
    parser.add_argument("--in", dest="source", type=Path, required=True, help="Parquet or CSV")
    parser.add_argument("--out", dest="target", type=Path, required=True, help="a Parquet file")
    parser.add_argument("--rejects", type=Path, help="a CSV; beside the target without it")
    parser.add_argument("--carry", default="", help="columns that go through as they are: a,b")
    parser.add_argument("--order", default="", help="the column by which claims were settled")
    parser.add_argument("--only", default="", help="only these columns beside the carried: a,b")
    parser.add_argument("--spark", default="", help="on a cluster: local[2], spark://host:7077")
    parser.add_argument("--workers", type=int, default=0, help="threads; as many as cores")


def run(options: argparse.Namespace) -> int:
    """Settle the file; 0 when every row was settled, 2 when some were rejected."""
    own = os.environ.get("LIPEI_PRODUCTS")
    open_folder(Path(own) if own else None)
    name = f"{options.product}_{options.edition}"
    if name not in edition_names():
        known = ", ".join(edition_names())
        raise Trouble(f"There is no edition {name}.", way_out=f"Known are: {known}.")
    if not options.source.exists():
        raise Trouble(f"There is no file {options.source}.", way_out="Look at --in.")
    if not options.target.parent.is_dir():
        raise Trouble(f"There is no folder {options.target.parent}.", way_out="Make it first.")
    rejects = options.rejects or options.target.with_suffix(".rejects.csv")
    began = time.monotonic()
    try:
        told = _settled(options, name, rejects)
    except FactRefused as no:
        raise Trouble(
            f"{no.zh} / {no.en} ({no.field})",
            way_out="Name a column that only goes through with --carry.",
        ) from no
    seconds = time.monotonic() - began
    yuan, fen = divmod(told.paid_fen, 100)
    say(f"{told.settled:,} settled in {seconds:.1f} s, {yuan:,}.{fen:02} yuan in all")
    if told.rejected:
        say(f"{told.rejected:,} rejected, each with its row and the reason: {rejects}")
    return 2 if told.rejected else 0


def _settled(options: argparse.Namespace, name: str, rejects: Path) -> Batch:
    """Settled here, or on the cluster where one was named."""
    carried, order = _names(options.carry), options.order
    if not options.spark:
        return settle_file(
            edition(name), source=options.source, target=options.target, rejects=rejects,
            carried=carried, order=order, wanted=_names(options.only), seen=Bar(),
            workers=options.workers,
        )  # fmt: skip
    if options.source.suffix.lower() == ".csv" or options.only:
        raise Trouble(
            "Spark settles Parquet, and keeps every column.",
            way_out="Leave --spark out for a CSV or for --only.",
        )
    try:
        cluster = importlib.import_module("lipei.rules.spark")
    except ImportError as absent:
        raise Trouble(
            "Apache Spark for Python is not installed.",
            way_out="Install it with `pip install lipei[spark]`; it also wants Java 17.",
        ) from absent
    made: Batch = cluster.settle_file(
        name, url=options.spark, source=options.source, target=options.target,
        rejects=rejects, carried=carried, order=order,
    )  # fmt: skip
    return made


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
