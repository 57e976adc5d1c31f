"""Named queries of ``schemas.sql`` as statements, with a sink's own word for a wrong question."""

from collections.abc import Mapping

from schemas import sql
from schemas.sql.literals import Unrenderable
from streams.sinks.api import Refused


def statement_of(name: str, parameters: Mapping[str, object]) -> str:
    """Return the statement of a named query with its parameters as literals.

    Raises
    ------
    Refused
        no query has that name, or the parameters are not the ones that it takes
    """
    try:
        return sql.render(name, parameters)
    except KeyError:
        raise Refused(f"no query is called {name!r}: there are {', '.join(sql.queries())}") from None
    except Unrenderable as error:
        raise Refused(f"query {name}: {error}") from None
