import json

import pytest
from chdb.session import Session

from schemas import sql
from tests.schemas.sql.story import STORY


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    session = Session(str(tmp_path_factory.mktemp("engine")))
    for migration in sql.migrations():
        for statement in () if migration.server_only else migration.statements:
            session.query(statement)
    for table, told in STORY.items():
        for row in told:  # one insert each, so that nothing is merged on the way in
            session.query(f"INSERT INTO tidegate.{table} FORMAT JSONEachRow {json.dumps(row)}")
    yield session
    session.close()


@pytest.fixture
def ask(engine):
    def answer(name, **parameters):
        text = str(engine.query(sql.render(name, parameters), "JSONEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    return answer
