"""The product's files as tests read them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "config",
    "playbook",
    "crm",
    "deals",
    "activities",
    "scoring",
    "quotes",
    "battlecards",
    "calls",
    "reports",
    "demo",
)
TEMPLATES = ROOT / "templates"


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Every file under version control; without git (an unpacked archive) whatever a clean copy would have."""
    names = _known_to_git() if shutil.which("git") else []
    found = [ROOT / name for name in names] if names else [path for path in ROOT.rglob("*") if _is_source(path)]
    return tuple(path for path in found if path.is_file())


def _known_to_git() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [name for name in done.stdout.split("\0") if name]


def _is_source(path: Path) -> bool:
    """Not what tools leave behind: their folders are hidden, or named here."""
    parts = path.relative_to(ROOT).parts
    left_behind = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
    return path.is_file() and not left_behind and not {"var", "__pycache__", "staticfiles"} & set(parts)


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def product_modules() -> list[Path]:
    """Python of the product itself, tests and tools apart."""
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def templates() -> list[str]:
    """Names as Django's loader wants them."""
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def strings(path: Path) -> Iterator[str]:
    """Every string literal of a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
