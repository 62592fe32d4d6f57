"""The role of web and worker on the real tables: it adds to history and never changes it."""

import psycopg
import pytest

from lipei.run import postgres
from lipei.run.database import Database
from lipei.run.migrate import migrate

ADDED = """
INSERT INTO kit_entry (subject, number, verb, clause, actor, occurred_at, recorded_at, facts,
                       line, hash)
VALUES ('claim/A', 1, 'test.told', '6.1-d', 'staff/wang', now(), now(), '{}', 'line',
        encode(sha256('line'), 'hex'))
"""


@pytest.fixture(scope="module")
def app(home) -> str:
    """The address of the app role on a database that was migrated as a real one is."""
    server = postgres.server_in(home)
    postgres.start(server)
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS real_rights")
        connection.execute("CREATE DATABASE real_rights OWNER lipei_owner")
    told = {r: server.url(r, database="real_rights") for r in (postgres.OWNER, postgres.APP)}
    migrate(Database(told[postgres.OWNER], told[postgres.APP], None), home=home)
    with psycopg.connect(told[postgres.APP]) as connection:
        connection.execute(ADDED)
    return told[postgres.APP]


def test_the_app_role_reads_and_adds_entries(app):
    with psycopg.connect(app) as connection:
        assert connection.execute("SELECT actor FROM kit_entry").fetchall() == [("staff/wang",)]


@pytest.mark.parametrize(
    "line",
    [
        "UPDATE kit_entry SET actor = 'staff/li'",
        "DELETE FROM kit_entry",
        "TRUNCATE kit_entry CASCADE",
        "ALTER TABLE kit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER kit_entry_append_only ON kit_entry",
        "DELETE FROM kit_chain",
        "TRUNCATE kit_chain",
        "UPDATE kit_transfer SET amount_fen = 1",
        "DELETE FROM kit_transfer",
        "TRUNCATE kit_transfer",
        "DROP TABLE kit_entry CASCADE",
        "SET session_replication_role = replica",
    ],
)
def test_the_app_role_changes_nothing_that_was_written(app, line):
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(app) as connection, refused:
        connection.execute(line)
