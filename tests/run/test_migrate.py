"""What web and worker may do: read and write rows, never history and never the tables."""

import psycopg
import pytest

from lipei.run import postgres
from lipei.run.database import Database
from lipei.run.migrate import grant

LAID = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE django_migrations (name text);
CREATE TABLE claim (word text);
CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY, word text);
CREATE TABLE chain (word text);
CREATE FUNCTION kit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append only'; END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON entry
  FOR EACH ROW EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER stays BEFORE DELETE ON chain
  FOR EACH ROW EXECUTE FUNCTION kit_append_only();
"""


@pytest.fixture
def granted(server):
    """A database of a few tables, two of them guarded by triggers, with the rights given."""
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS rights")
        connection.execute("CREATE DATABASE rights OWNER lipei_owner")
    told = {role: server.url(role, database="rights") for role in (postgres.OWNER, postgres.APP)}
    with psycopg.connect(told[postgres.OWNER], autocommit=True) as connection:
        connection.execute(LAID)
    grant(Database(told[postgres.OWNER], told[postgres.APP], None))
    return told[postgres.APP]


@pytest.mark.parametrize(
    "line",
    [
        "INSERT INTO entry (word) VALUES ('new')",
        "SELECT * FROM entry",
        "UPDATE claim SET word = 'new'",
        "DELETE FROM claim",
        "UPDATE chain SET word = 'grown'",
        "SELECT * FROM django_migrations",
    ],
)
def test_rows_may_be_written(granted, line):
    with psycopg.connect(granted) as connection:
        connection.execute(line)


@pytest.mark.parametrize(
    "line",
    [
        "UPDATE entry SET word = 'other'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "DELETE FROM chain",
        "DELETE FROM django_migrations",
        "ALTER TABLE claim ADD word2 text",
        "ALTER TABLE entry DISABLE TRIGGER stays",
        "DROP TABLE claim",
        "CREATE TABLE mine (word text)",
        "DROP FUNCTION kit_append_only CASCADE",
    ],
)
def test_history_and_tables_may_not(granted, line):
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(granted) as connection, refused:
        connection.execute(line)
