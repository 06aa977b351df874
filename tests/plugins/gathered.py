"""In a run of the whole suite the cases of one function are one test: what goes around a test costs more than most cases do.

For each test pytest sets up a dozen fixtures, opens a transaction and tells another process how it ended; that is a hundredth of
a second, thousands of times. So where a run asks for it (GATHER=1 in the environment, scripts/run_tests.py), a parametrised
function is set up once and called with each of its cases. All are called whatever becomes of the first, and each that fails is
named. Without that wish, and so for whoever runs a file by hand, each case is a test of its own.

A case finds what it would have found alone: what an earlier one wrote is taken back, rows that fixtures gave are copies for each,
mail and remembered playbooks are forgotten. What can't be given twice (a folder, a patch, what commits) keeps its cases apart.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Model

from playbook.schema import Playbook

APART = frozenset({
    "beside", "caplog", "capfd", "capsys", "django_capture_on_commit_callbacks", "django_db_reset_sequences",
    "django_db_serialized_rollback", "live_server", "mailoutbox", "monkeypatch", "recwarn", "settings", "tmp_path",
    "transactional_db",
    "browser", "client", "ops", "ottos", "page", "rae_in", "rae_page", "schema",
})  # fmt: skip
"""Fixtures whose value or effect belongs to one test; a browser remembers what it was told."""
FIXED = (str, bytes, int, float, Decimal, dt.date, dt.time, dt.timedelta, Path, Playbook, frozenset)

Case = Any  # pytest's own CallSpec, which has no public name
_CASES = pytest.StashKey[dict[str, Sequence[Case]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_CASES] = {}


@pytest.hookimpl(trylast=True)  # when the marks of the function have been read
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    calls: list[Case] = metafunc._calls  # what is to become one item each; there is no public way to say otherwise
    if os.environ.get("GATHER") == "1" and len(calls) > 1 and _may(metafunc, calls):
        metafunc.config.stash[_CASES][metafunc.definition.nodeid] = list(calls)
        first = calls[0]
        calls[:] = [type(first)(params=first.params, indices=first.indices, _arg2scope=first._arg2scope)]


def _may(metafunc: pytest.Metafunc, calls: Sequence[Case]) -> bool:
    params, fixtures = calls[0].params.keys(), metafunc._arg2fixturedefs
    mark = metafunc.definition.get_closest_marker("django_db")
    if metafunc.cls or any(call.marks or call.params.keys() != params for call in calls):
        return False
    if getattr(metafunc.function, "is_hypothesis_test", False) or (mark and mark.kwargs):
        return False
    if "request" in metafunc.definition._fixtureinfo.argnames:
        return False
    others = [name for name in metafunc.fixturenames if name not in params and name != "request"]
    # A fixture that asks for a parameter is another one for each case.
    return not any(
        name in APART or name not in fixtures or params & set(fixtures[name][-1].argnames) for name in others
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    cases = pyfuncitem.config.stash[_CASES].get(pyfuncitem.nodeid)
    if cases is None:
        return None
    pyfuncitem.user_properties.append(("cases", len(cases)))
    failed: list[Exception] = []
    skipped: list[BaseException] = []
    for case in cases:
        with _alone(has_rows := _has_rows(pyfuncitem)):
            try:
                pyfuncitem.obj(**_arguments(pyfuncitem, case.params))
                if has_rows and connection.features.can_defer_constraint_checks:
                    connection.check_constraints()  # as Django's TestCase does when a test ends
            except pytest.skip.Exception as why:
                skipped.append(why)
            except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - told below, whatever it is
                error.add_note(f"Case: {case.id}")
                failed.append(error if isinstance(error, Exception) else AssertionError(f"{case.id}: {error}"))
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(cases)} cases failed", failed)
    if skipped:
        raise skipped[0]
    return True


def _has_rows(item: pytest.Function) -> bool:
    return "db" in item.fixturenames or item.get_closest_marker("django_db") is not None


@contextmanager
def _alone(has_rows: bool) -> Iterator[None]:
    """What is written in the block is gone after it, and what tests are told to forget between them is forgotten."""
    if not has_rows:
        yield
        return
    from tests.conftest import forget_playbooks  # when the product is set up

    forget_playbooks()
    mail.outbox.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _arguments(item: pytest.Function, params: Mapping[str, Any]) -> dict[str, Any]:
    """What the function is called with: the case's own values, and what fixtures gave."""
    names, fixtures = item._fixtureinfo.argnames, item._fixtureinfo.name2fixturedefs
    given = {name: item.funcargs[name] for name in names if name not in params}
    mine = {name: value for name, value in given.items() if fixtures[name][-1].scope == "function"}
    for name, value in mine.items():
        assert _holds_rows(value) or _is_fixed(value), f"{name} gives {value!r}: name it in {__name__}.APART"
    # All at once, so that a deal's owner is still the person beside it.
    rows = copy.deepcopy({name: value for name, value in mine.items() if not _is_fixed(value)})
    return {name: params[name] for name in names if name in params} | given | rows


def _holds_rows(value: object) -> bool:
    """Rows, and what holds nothing but rows and what can't change: a case may change them, and gets its own."""
    if isinstance(value, Mapping):
        return all(_holds_rows(one) or _is_fixed(one) for one in value.values())
    if isinstance(value, list | tuple):
        return all(_holds_rows(one) or _is_fixed(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        values = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return all(_holds_rows(one) or _is_fixed(one) for one in values)
    return isinstance(value, Model)


def _is_fixed(value: object) -> bool:
    """A function, a playbook, a word: nothing a case could change."""
    return value is None or callable(value) or isinstance(value, FIXED)
