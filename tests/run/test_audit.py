"""`lipei audit`: said in one sentence where there is nothing to verify."""

import pytest

from lipei.run import postgres
from lipei.run.database import Database, ensure_tables
from lipei.run.trouble import Trouble


def test_a_home_without_tables_is_named_in_a_sentence(server, home):
    empty = server.url(postgres.OWNER, database="postgres")
    with pytest.raises(Trouble, match=r"no tables yet") as told:
        ensure_tables(Database(empty, empty, server), home=home)
    assert str(home.path) in str(told.value)
    assert "--data" in str(told.value)
