"""Many ids in a condition, as one parameter or as one subquery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler


class AnyId(Func):
    """`column IN (ids)`, a condition: `rows.filter(AnyId("owner_id", ids))`.

    Django's own IN makes a parameter of each id, which Django, driver and database then handle one by one: for the
    hundred people of a team that takes longer than reading fifty rows, and a search finds thousands of accounts.
    """

    output_field = BooleanField()

    def __init__(self, column: str | F, ids: Iterable[int]) -> None:
        super().__init__(column)
        self.ids = ",".join(str(int(one)) for one in ids)

    def as_sql(self, compiler: SQLCompiler, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        column, parameters = compiler.compile(self.source_expressions[0])
        # A literal of an array, which PostgreSQL's planner reads before it plans: it counts the ids and hashes them.
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::bigint[])", [*parameters, f"{{{self.ids}}}"]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, f"[{self.ids}]"]  # nosec B608 - a column of ours


class AnyOf(Func):
    """`column IN (subquery)` on PostgreSQL, for a subquery of a page's length: found first, whatever the planner would make of a
    join with it. Choosing among those takes it longer than reading the page.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str | F, ids: QuerySet[Any, Any]) -> None:
        super().__init__(column, Subquery(ids, template="ARRAY(%(subquery)s)"))
