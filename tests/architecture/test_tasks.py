"""Work is queued by a task's name, which no import checks: so these tests do."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from celery import current_app

from tests.architecture.sources import PACKAGES, product_modules, short, strings

TASK_NAME = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)*\.tasks\.\w+")


def tasks() -> dict[str, object]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}


def naming(words: str) -> list[Path]:
    """Modules in which these words stand: to read all of the product takes each process a second before its first test."""
    return [path for path in product_modules() if words in path.read_text()]


NAMED = sorted(
    {(short(path), text) for path in naming(".tasks.") for text in strings(path) if TASK_NAME.fullmatch(text)}
)


def test_the_search_finds_what_is_queued():
    assert "scoring.tasks.score_deal" in {name for _, name in NAMED}


@pytest.mark.parametrize("place, name", NAMED)
def test_every_name_in_the_code_is_a_task(place, name):
    assert name in tasks(), f"{place} names {name}, and no worker knows it."


def test_every_call_of_enqueue_names_its_task_by_a_string_or_a_constant():
    """A name put together while running could not be checked here."""
    odd = []
    for path in naming("enqueue"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "enqueue":
                task = node.args[0] if node.args else None
                if not isinstance(task, ast.Constant | ast.Name):
                    odd.append(f"{short(path)}:{node.lineno}")
    assert odd == []


@pytest.mark.parametrize("name", sorted(tasks()))
def test_a_task_takes_a_job_and_nothing_else(name):
    """The job's row holds the arguments, so that a lost message loses nothing. Beat's own tasks queue or note something."""
    scheduled = {entry["task"]: entry.get("args", []) for entry in current_app.conf.beat_schedule.values()}
    parameters = list(inspect.signature(tasks()[name].run).parameters)  # type: ignore[attr-defined]
    if name in scheduled:
        assert len(parameters) == len(scheduled[name])
    else:
        assert parameters == ["job_id"]


@pytest.mark.parametrize("name", sorted(tasks()))
def test_a_task_lives_where_its_name_says(name):
    """Names stay when code moves, for messages outlive a deployment; then the old place must keep an alias."""
    module, _, function = name.rpartition(".")
    assert TASK_NAME.fullmatch(name)
    assert hasattr(__import__(module, fromlist=[function]), function)
