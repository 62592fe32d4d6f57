"""`lipei migrate`: the tables brought up to date by their owner, then the app role's rights."""

import argparse
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from lipei.run.database import Database, database_of, surroundings
from lipei.run.environment import manage, managed
from lipei.run.home import DEFAULT, Home, open_home

RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)
# What a guard refuses by trigger, the role does not get in the first place.
GUARDED = """
    SELECT c.relname, bool_or(t.tgtype & 16 > 0), bool_or(t.tgtype & 8 > 0)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND p.proname LIKE '%append_only'
    GROUP BY c.relname ORDER BY c.relname
"""


def migrate(database: Database, *, home: Home) -> str:
    """Apply what is missing, then give web and worker their rights; Django's words.

    Errors: Trouble when a migration fails; the database stays at the last whole one.
    """
    environment = surroundings(database, home=home, url=database.owner_url)
    words = managed("migrate", "--noinput", environment=environment, logs=home.logs)
    grant(database)
    return words


def grant(database: Database) -> None:
    """What the role of web and worker may do: read and write rows, never change history."""
    role = conninfo_to_dict(database.app_url).get("user")
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        if role in {None, connection.info.user}:
            return
        name = sql.Identifier(str(role))
        for right in RIGHTS:
            connection.execute(sql.SQL(right).format(role=name))
        for table, update, delete in connection.execute(GUARDED).fetchall():
            for right, guarded in (("UPDATE", update), ("DELETE", delete)):
                if guarded:
                    line = sql.SQL("REVOKE {} ON {} FROM {}")
                    connection.execute(line.format(sql.SQL(right), sql.Identifier(table), name))


def setup_code(environment: dict[str, str]) -> str:
    """How the first administrator is made, with its code; empty once anybody is there.

    A house that runs is not kept from starting because this could not be asked.
    """
    return manage("setup_code", environment=environment).stdout.strip()


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--data`, for a home with a database of its own."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Migrate, and say what was applied."""
    home = open_home(options.data)
    with database_of(home) as database:
        print(migrate(database, home=home))
        print(setup_code(surroundings(database, home=home, url=database.app_url)))
    return 0
