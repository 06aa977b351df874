"""Which functions of the product write rows, and which of them tell the audit: read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from tests.architecture.sources import ROOT, product_modules

AUDIT = {"crm.services.audit.record", "crm.services.audit.entry"}
ROW, ROWS = {"save", "delete"}, {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update"}
MANAGERS = {"objects", "everything", "_base_manager", "_default_manager"}
LOOKS = {"filter", "exclude", "select_for_update", "order_by", "all", "rows"}
"""Between a manager and its write; on a variable they mark a set of rows."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Writer:
    """A function or method. `models` are those whose managers it writes through; `rows` counts writes of rows it was given."""

    name: str
    models: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    tells: bool = False

    @property
    def writes(self) -> bool:
        return bool(self.models or self.rows)


@dataclass
class Module:
    """One file: the names that stand for other modules' functions, and its own functions with those of its classes."""

    path: Path

    @cached_property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    @cached_property
    def names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        own = [node for node in self.tree.body if isinstance(node, Function)]
        return found | {node.name: f"{self.name}.{node.name}" for node in own}

    def functions(self) -> Iterator[Writer]:
        for node in self.tree.body:
            if isinstance(node, Function):
                yield self._read(node, f"{self.name}.{node.name}", "")
            elif isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, Function):
                        yield self._read(inner, f"{self.name}.{node.name}.{inner.name}", node.name)

    def _read(self, function: Function, name: str, owner: str) -> Writer:
        found = Writer(name)
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id == "AuditEntry":
                found.tells = True
            if isinstance(node, ast.Call):
                if (target := self._target(node.func, owner)) is not None:
                    found.calls.add(target)
                self._note(node, found)
        found.tells |= bool(found.calls & AUDIT)
        return found

    def _target(self, called: ast.expr, owner: str) -> str | None:
        match called:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if owner:
                return f"{self.name}.{owner}.{name}"
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.names:
                return f"{self.names[module]}.{name}"
        return None

    def _note(self, call: ast.Call, found: Writer) -> None:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ROW | ROWS:
            return
        of: ast.expr = call.func.value
        seen: set[str] = set()
        if isinstance(of, ast.Name) and of.id in self.names and of.id.islower():
            return  # another module's function of that name
        while isinstance(of, ast.Attribute | ast.Call):
            if isinstance(of, ast.Attribute):
                if of.attr in MANAGERS and isinstance(of.value, ast.Name):
                    found.models.add(of.value.id)
                    return
                seen.add(of.attr)
            of = of.func if isinstance(of, ast.Call) else of.value
        row = call.func.attr in ROW and isinstance(call.func.value, ast.Name | ast.Attribute)
        if row or seen & (LOOKS | MANAGERS) or (call.func.attr == "update" and call.keywords and not call.args):
            found.rows.append(call.lineno)


@lru_cache(maxsize=1)
def functions() -> dict[str, Writer]:
    """Every function of the product, demo data and commands that set up apart. Read once: nobody changes what is returned."""
    modules = (Module(path) for path in product_modules() if not {"migrations", "demo"} & set(path.parts))
    return {one.name: one for module in modules for one in module.functions()}


def untold(found: dict[str, Writer], unguarded: set[str]) -> set[str]:
    """Functions that write guarded rows and neither tell the audit nor are called by such alone as do."""
    callers: dict[str, set[str]] = {}
    for one in found.values():
        for called in one.calls:
            callers.setdefault(called, set()).add(one.name)
    tells: dict[str, bool] = {}

    def does(name: str) -> bool:
        if name not in tells:
            tells[name] = False  # of a circle
            one = found.get(name)
            tells[name] = one is not None and (one.tells or any(does(called) for called in one.calls))
        return tells[name]

    def covered(name: str, above: frozenset[str] = frozenset()) -> bool:
        if does(name):
            return True
        of = callers.get(name, set()) - above - {name}
        return bool(of) and all(covered(caller, above | {name}) for caller in of)

    writing = [one for one in found.values() if one.rows or one.models - unguarded]
    return {one.name for one in writing if not covered(one.name)}
