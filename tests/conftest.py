"""The cast, the playbook, and a worker that runs when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest
from celery import current_app
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from crm.models import Competitor, Job, JobState, Person, PlaybookVersion, Team
from crm.queries import playbook as playbooks
from playbook import loader, storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook
from quotes.queries import prices
from tests.factories import make_person, make_team
from tests.plugins import migrated, stored

settings.register_profile("quarterdeck", deadline=None)  # no test asks how long something takes
settings.load_profile("quarterdeck")

pytest_plugins = ["tests.plugins.engines", "tests.plugins.garbage", "tests.plugins.together"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Instead of pytest-django's, which runs every migration in every process."""
    with django_db_blocker.unblock(), migrated.database():
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        with config.stash[blocking_manager_key].unblock():
            migrated.forget()


@lru_cache(maxsize=1)
def shipped() -> Playbook:
    return loader.load()


@lru_cache(maxsize=1)
def shipped_row() -> dict[str, Any]:
    """What a published version keeps of it. Writing a playbook out takes longer than most tests."""
    return {
        "data": storing.to_json(shipped()),
        "digest": storing.digest(shipped()),
        "schema_version": SCHEMA_VERSION,
        "rule_version": RULE_VERSION,
    }


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, str]:
    return storing.dump(shipped())


def forget_playbooks() -> None:
    """Published versions never change, so a process keeps them; between tests their numbers mean others."""
    playbooks.by_number.cache_clear()
    playbooks.files.cache_clear()
    prices.rules_of.cache_clear()
    prices.version_id.cache_clear()
    prices.digest_of.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_playbooks() -> Iterator[None]:
    forget_playbooks()
    yield
    forget_playbooks()


@pytest.fixture(autouse=True, scope="session")
def _shipped_is_parsed_once() -> Iterator[None]:
    """What is stored is compared with the shipped playbook, which takes a twentieth of parsing it; all else is parsed."""
    parse = storing.from_json
    row = shipped_row()
    parsed = parse(row["data"], row["schema_version"])

    def known(data: Mapping[str, Any], schema_version: int) -> Playbook:
        same = schema_version == row["schema_version"] and data == row["data"]
        return parsed if same else parse(data, schema_version)

    with stored.once(row["data"]), pytest.MonkeyPatch.context() as patch:
        patch.setattr(playbooks, "from_json", known)
        yield


@pytest.fixture
def playbook(db: None) -> Playbook:
    """The shipped playbook, published as version 1, with its competitors as rows."""
    PlaybookVersion.objects.create(number=1, published_at=timezone.now(), **shipped_row())
    Competitor.objects.bulk_create(
        Competitor(key=competitor.key, name=competitor.label, in_playbook=True) for competitor in shipped().competitors
    )
    return shipped()


# --- The cast: Sales > East (Mona leads, Rae sells) and West (Remy sells) --------------------------------------------


@pytest.fixture
def sales(db: None) -> Team:
    return make_team("Sales")


@pytest.fixture
def east(sales: Team) -> Team:
    return make_team("East", sales)


@pytest.fixture
def west(sales: Team) -> Team:
    return make_team("West", sales)


@pytest.fixture
def rae(east: Team, playbook: Playbook) -> Person:
    return make_person("rae", "rep", team=east)


@pytest.fixture
def remy(west: Team, playbook: Playbook) -> Person:
    return make_person("remy", "rep", team=west)


@pytest.fixture
def mona(east: Team, playbook: Playbook) -> Person:
    return make_person("mona", "manager", team=east)


@pytest.fixture
def vik(sales: Team, playbook: Playbook) -> Person:
    return make_person("vik", "vp", team=sales)


@pytest.fixture
def sue(playbook: Playbook) -> Person:
    return make_person("sue", "svp")


@pytest.fixture
def eve(playbook: Playbook) -> Person:
    return make_person("eve", "enablement")


@pytest.fixture
def otto(playbook: Playbook) -> Person:
    return make_person("otto", "ops")


@pytest.fixture
def vera(playbook: Playbook) -> Person:
    return make_person("vera", "viewer")


@pytest.fixture
def charlie(playbook: Playbook) -> Person:
    """Somebody without a role, who may see nothing."""
    return make_person("charlie")


@pytest.fixture
def cast(
    rae: Person,
    remy: Person,
    mona: Person,
    vik: Person,
    sue: Person,
    eve: Person,
    otto: Person,
    vera: Person,
    charlie: Person,
) -> dict[str, Person]:
    """Everybody, by user name."""
    return {person.username: person for person in (rae, remy, mona, vik, sue, eve, otto, vera, charlie)}


SignIn = Callable[[Person | None], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A fresh browser with this person signed in; None is nobody."""

    def browser(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="crm.auth.PersonBackend")
        return client

    return browser


@lru_cache(maxsize=1)
def _know_tasks() -> None:
    """As a worker does, once, when it starts."""
    current_app.loader.import_default_modules()


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Plays the worker: runs waiting jobs, and those they ask for, by their task's name. Returns how many ran."""

    def run() -> int:
        _know_tasks()
        done = 0
        while job := Job.objects.filter(state=JobState.QUEUED).order_by("id").first():
            current_app.tasks[job.task](job.pk)
            done += 1
            assert done < 1_000, f"jobs without end: {job.task}"
        return done

    return run


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[[], object]], threading.Thread]]:
    """Runs something in a transaction of its own, beside the test's; what it raises fails the test."""
    threads, raised = [], []

    def start(do: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                with transaction.atomic():
                    do()
            except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
                raised.append(error)
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(10.0)
    assert raised == []
