"""A mapping is checked whole before it is used."""

from __future__ import annotations

import pytest

from crm.importing.finding import shipped_mappings
from crm.importing.mapping import MappingError, load_mapping
from tests.imports.conftest import DATA

pytestmark = pytest.mark.any_engine("a mapping is checked in Python; test_run brings in by it on both engines")

SHOP = (DATA / "shop" / "mapping.yaml").read_text()

WRONG = {
    "no yaml": ("tables:", "tables: [", "no YAML"),
    "unknown key": ("label:", "lable:", "lable: is not a key"),
    "source": ("source: shop", "source: Shop!", "source: can't be 'Shop!'"),
    "unknown kind": ("kind: deal", "kind: order", "'order' can't be imported"),
    "unknown field": ("close_date: closed", "closes: closed", "deals have no such field"),
    "required field": ("seller, refers_to: sellers}\n      product", "x, refers_to: sellers}\n      product", ""),
    "unknown table": ("refers_to: goods", "refers_to: wares", "there is no table 'wares'"),
    "wrong kind of table": ("refers_to: goods", "refers_to: sellers", "has no products"),
    "reference without a table": ("{column: product, refers_to: goods}", "product", "say which table"),
    "placeholder missing": ("    placeholder: {name: Customer not known yet}\n", "", "tables.customers.placeholder"),
    "stage": ("New: prospect", "New: dreaming", "'New' leads to 'dreaming'"),
    "role": ("roles: {value: rep}", "roles: {value: seller}", "not one of rep"),
    "history state": ("state: discovery", "state: talking", "'talking' is not one of"),
    "two sources": ("{column: product, refers_to: goods}", "{column: product, value: x}", "exactly one of"),
    "date order": ("    history:", "    dates: {talked: us}\n    history:", "dates.talked: is one of"),
    "date column": ("    history:", "    dates: {day: mdy}\n    history:", "no field of this table reads"),
    "circle": ("fields: {name: office}", "fields: {name: office, parent: {column: office, refers_to: offices}}", ""),
}


@pytest.mark.parametrize("old, new, said", WRONG.values(), ids=WRONG.keys())
def test_wrong(playbook, old, new, said):
    assert old in SHOP
    if not said:
        load_mapping(SHOP.replace(old, new))
        return
    with pytest.raises(MappingError) as caught:
        load_mapping(SHOP.replace(old, new))
    assert said in str(caught.value)


def test_every_problem_at_once(playbook):
    with pytest.raises(MappingError) as caught:
        load_mapping(SHOP.replace("New: prospect", "New: dreaming").replace("refers_to: goods", "refers_to: wares"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("name", shipped_mappings())
def test_shipped_mappings_are_sound(playbook, name):
    assert load_mapping(shipped_mappings()[name]).source == name


def test_tables_come_after_those_they_refer_to(playbook):
    order = load_mapping(SHOP).in_order()
    assert order.index("deals") > max(order.index(name) for name in ("goods", "customers", "sellers"))
