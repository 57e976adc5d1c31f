import pytest

from streams.sinks.api import Refused
from streams.sinks.questions import statement_of


def test_a_named_query_becomes_a_statement():
    assert "startsWith(id, 'it\\'s')" in statement_of("alert_one", {"id": "it's"})


def test_a_query_that_is_not_there_names_those_that_are():
    with pytest.raises(Refused, match="alerts_list"):
        statement_of("nothing", {})


@pytest.mark.parametrize("parameters", [{}, {"id": 3}, {"id": "x", "more": 1}])
def test_wrong_parameters_are_refused_by_the_name_of_the_query(parameters):
    with pytest.raises(Refused, match="query alert_one"):
        statement_of("alert_one", parameters)
