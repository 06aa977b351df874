"""Files small enough to read, and nothing in them that belongs to one machine."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import PACKAGES, ROOT, product_modules, python_files, short, tracked

MOST_LINES = 300
LONGER: dict[str, str] = {}
"""Python files that may be longer, each with its reason."""
MOST_VIEW_LINES = 30
LONGER_VIEWS: dict[str, str] = {
    "crm/views/style_guide.py:samples": "no view: what the style guide shows, all data",
}
"""Views ("file:function") that may be longer, each with its reason."""

HERE = "tests/architecture/test_files.py"
NOT_OURS = {
    "a folder of one machine": re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/"),
    "a package index": re.compile(r"https?://[^\s\"'>]*(artifactory|nexus|devpi|/simple\b|pypi[\w.-]*/(?!project))"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a token": re.compile(r"\b(qd_[\w-]{43}|gh[pousr]_\w{36}|AKIA[0-9A-Z]{16}|xox[bap]-\w{10})"),
    "a password in an address": re.compile(r"://(?!user:password@)[^/\s:@{$]+:(?!\$)[^/\s:@{]{6,}@"),
}
BINARY = {".png", ".jpg", ".woff2", ".ico", ".zip", ".pdf", ".gz"}


def test_no_python_file_is_longer_than_two_or_three_screens():
    """Migrations are written by Django, and nobody reads them."""
    found = {
        short(path): len(path.read_text().splitlines()) for path in python_files() if "migrations" not in path.parts
    }
    long = {name: lines for name, lines in found.items() if lines > MOST_LINES and name not in LONGER}
    assert long == {}, "Split these by noun, or give a reason in LONGER."


def test_views_get_ask_and_answer():
    """A view that grows computes something: that belongs to a query, a rule or a service."""
    long = {}
    for path in product_modules():
        if "views" not in path.parts and path.name != "views.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (lines := body_lines(node)) > MOST_VIEW_LINES:
                long[f"{short(path)}:{node.name}"] = lines
    assert {name: lines for name, lines in long.items() if name not in LONGER_VIEWS} == {}


def body_lines(node: ast.FunctionDef) -> int:
    """Lines of the body without its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("what", NOT_OURS)
def test_no_file_holds_what_belongs_to_one_machine(what):
    found = []
    for path in tracked():
        if path.suffix in BINARY or short(path) == HERE:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if NOT_OURS[what].search(line):
                found.append(f"{short(path)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_says_why_it_is_here(name):
    lines = [
        line for line in (ROOT / name).read_text().splitlines() if line.strip() and not line.startswith(("#", "-"))
    ]
    assert [line for line in lines if not re.search(r"\s# \S", line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_its_hash(name):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    unhashed = [part for part in re.split(r"\n(?=\w)", text) if "==" in part and "--hash=sha256:" not in part]
    assert len(packages) > 20
    assert unhashed == []


def test_every_module_says_what_it_is_for():
    """In its first line; empty package markers apart."""
    modules = [path for path in product_modules() if "migrations" not in path.parts and path.read_text().strip()]
    assert [short(path) for path in modules if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_the_packages_are_those_we_look_through():
    """A new package of the product belongs to PACKAGES, or none of these tests reads it."""
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - {"tests", "scripts", "bench"} == set(PACKAGES)
