"""Every address, everybody of the cast, and nobody: who gets in, who is refused, and that a refusal writes nothing."""

from __future__ import annotations

import pytest

from tests.architecture.access_rows import EVERYBODY, Row, Write
from tests.architecture.access_table import TABLE, row_of
from tests.architecture.asking import send, table
from tests.architecture.traces import fingerprint, taken_back, writes
from tests.architecture.url_map import UNSAFE, Address, addresses
from tests.architecture.world import NOBODY

pytestmark = pytest.mark.django_db

NAMES = sorted(name for name in addresses() if row_of(name))
WRITES = [(name, method) for name in NAMES for method in (row_of(name) or TABLE[name]).writes]
REFUSED = frozenset({400, 401, 403, 404, 405, 409, 412, 422, 428})


def test_every_address_stands_in_the_table():
    missing = [name for name in sorted(addresses()) if not row_of(name)]
    assert missing == [], "Not in tests/architecture/access_table.py: add a row to each that says who may open it."


def test_the_table_names_no_address_that_is_gone():
    assert sorted(TABLE.keys() - addresses().keys()) == []


def test_every_method_of_the_api_stands_in_the_table():
    missing = {
        name: sorted(address.declared_methods - row.writes.keys())
        for name, address in addresses().items()
        if name.startswith("api:") and name != "api:unknown" and (row := row_of(name)) is not None
    }
    missing = {name: methods for name, methods in missing.items() if methods}
    assert missing == {}, "They take these methods: add who may to tests/architecture/access_table_api.py."


@pytest.mark.parametrize("name", NAMES)
def test_reading(world, name):
    address, row = table(name)
    url = address.url(world.kwargs | row.args(world))
    wrong = []
    for who in EVERYBODY:
        with taken_back():
            status = world.client(who).get(url).status_code
        if status != row.get[who]:
            wrong.append(f"{who} got {status}, the table says {row.get[who]}")
    assert wrong == [], f"GET {url}: " + "; ".join(wrong)


@pytest.mark.parametrize("name, method", WRITES)
def test_writing(ask, name, method):
    """Those who may do change something; a refusal changes nothing in any table."""
    write = table(name)[1].writes[method]
    wrong = []
    for who in EVERYBODY:
        found, expected = ask(name, method, who), write.answers[who]
        if found.status != expected:
            wrong.append(f"{who} got {found.status}, the table says {expected} {found.said}")
        refused = expected in REFUSED or (who == NOBODY and expected == 302)
        if refused and found.changed:
            wrong.append(f"{who} was refused, yet {', '.join(found.changed)} changed")
        if write.changes and not refused and not found.changed:
            wrong.append(f"{who} was let in, yet nothing changed: give a body in the table that is accepted")
    assert wrong == [], f"{method} {name}: " + "; ".join(wrong)


@pytest.fixture(scope="module")
def before(world) -> dict[str, str]:
    """The world as it is before and, as everything here is taken back, between all requests."""
    return fingerprint()


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("admin:")])
def test_a_method_that_is_not_in_the_table_writes_nothing(world, before, name):
    address, row = table(name)
    url = address.url(world.kwargs | row.args(world))
    others = [(method, who) for method in methods_beside(address, row) for who in ("rae", "otto")]
    with taken_back():
        count = writes()
        said = {
            (method, who): send(world, who, method, url, Write({}), json=name.startswith("api:")).status_code
            for method, who in others
        }
        after = before if writes() == count else fingerprint()
    assert after == before, f"{url} writes on one of {others}, which is not in the access table."
    assert {asked: status for asked, status in said.items() if status >= 500} == {}


def methods_beside(address: Address, row: Row) -> list[str]:
    """The unsafe methods that aren't in the table: all that a view has, and one of those it hasn't, which are all refused by the
    same few lines of Django. A function has one body for all of them."""
    beside = [method for method in UNSAFE if method not in row.writes]
    had = [method for method in beside if address.takes(method)]
    return had + [method for method in beside if method not in had][:1]


@pytest.mark.parametrize("name", [name for name in NAMES if table(name)[1].get[NOBODY] == 302 and name[:5] != "admin"])
def test_scripts_of_a_page_hear_401_instead_of_being_sent_to_sign_in(world, name):
    """A sign-in page in the middle of another page would throw away what was typed."""
    address, row = table(name)
    url = address.url(world.kwargs | row.args(world))
    assert world.client(NOBODY).get(url, headers={"HX-Request": "true"}).status_code == 401
    assert world.client(NOBODY).get(url)["Location"].startswith("/sign-in/?next=/")
