"""Templates compile, and what they name by a string is there."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from crm.templatetags._icons import ICONS
from tests.architecture.sources import TEMPLATES, product_modules, templates
from tests.architecture.url_map import addresses

NAMED = re.compile(r"{%\s*(?:extends|include)\s+['\"]([^'\"#]+)['\"]")
URL = re.compile(r"{%\s*url\s+['\"]([^'\"]+)['\"]")
STATIC = re.compile(r"{%\s*static\s+['\"]([^'\"]+)['\"]")
ICON = re.compile(r"{%\s*icon\s+['\"]([^'\"]+)['\"]|\bicon=['\"]([^'\"]+)['\"]")
PYTHON_ICON = re.compile(r"['\"]icon['\"]:\s*['\"]([^'\"]+)['\"]|\bicon=['\"]([^'\"]+)['\"]")
NOT_HERE = {
    "a script in the page": re.compile(r"<script(?![^>]*(\bsrc=|application/json))", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]+\son(click|change|submit|load|input|key\w+)\s*=", re.IGNORECASE),
    "text taken as HTML": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
    "something from elsewhere": re.compile(r"(src|href)=['\"](https?:)?//", re.IGNORECASE),
}
"""Each would be refused by the content security policy, or would undo it."""


def text(name: str) -> str:
    """Without comments, which may show how something is used."""
    return re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("name", templates())
def test_it_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", templates())
def test_what_it_names_is_there(name):
    source = text(name)
    for other in NAMED.findall(source):
        assert (TEMPLATES / other).exists(), f"{name} names the template {other}."
    for address in URL.findall(source):
        assert address in addresses(), f"{name} names the address {address}."
    for path in STATIC.findall(source):
        assert finders.find(path), f"{name} names the file {path}."
    for icon in {one or other for one, other in ICON.findall(source)}:
        assert icon in ICONS or "{" in icon, f"{name} names the icon {icon}."


@pytest.mark.parametrize("what", NOT_HERE)
def test_no_template_has(what):
    assert [name for name in templates() if NOT_HERE[what].search(text(name))] == []


def test_every_icon_named_in_python_is_there():
    named = {one or other for path in product_modules() for one, other in PYTHON_ICON.findall(path.read_text())}
    assert named <= set(ICONS)


def test_every_template_is_used():
    """One that nothing names is dead, or its name is misspelt where it is used."""
    python = "\n".join(path.read_text() for path in product_modules())
    named = set(re.findall(r"['\"]([\w/]+\.html)", python + "".join(text(name) for name in templates())))
    by_part = {name for name in templates() if name.startswith("crm/partials/playbook_")}  # f"…playbook_{part}.html"
    by_django = {f"{status}.html" for status in ("400", "403", "404", "500", "403_csrf", "503")}
    assert set(templates()) - named - by_part - by_django == set()
