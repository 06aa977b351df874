"""Migrated databases, kept from run to run in .cache/databases for as long as nothing they are made from changes.

To run every migration takes a processor 13 seconds an engine and more, nearly all of it Django's, which makes models anew at
each step. What is kept is named by a digest of the migrations, of what they import, of the locked packages and of the
engine, so whatever could make another database makes another name. Where CI=true nothing is kept: there every run migrates.

On PostgreSQL a kept database differs from a migrated one in how the server prints `IN` in constraints (casts in other places),
and in nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.plugins import servers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "databases"
IMPORTED = re.compile(r"^(?:import|from) ([\w.]+)", re.MULTILINE)
FOR_PSQL_ALONE = re.compile(r"^\\(?:un)?restrict .*$", re.MULTILINE)


def load(unfinished: str) -> bool:
    """Fills a database of this name with what is kept; False, and nothing made, where nothing is."""
    kept = _file()
    if os.environ.get("CI") == "true" or not kept.exists():
        return False
    if connection.vendor != "postgresql":
        shutil.copyfile(kept, unfinished)
        return True
    creation: Any = connection.creation  # its cursor without a database is not public
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(unfinished)}")
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(unfinished)}")
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    with connection.cursor() as cursor:
        cursor.execute(kept.read_text())
    return True


def keep(unfinished: str) -> None:
    """Keeps the database of this name, just migrated, and lets go what other migrations made on this engine."""
    if os.environ.get("CI") == "true":
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=FOLDER, delete=False) as part:
        written = Path(part.name)
    if connection.vendor == "postgresql":
        if (dump := _dumped(unfinished)) is None:
            written.unlink()
            return
        written.write_text(dump)
    else:
        shutil.copyfile(unfinished, written)
    for old in FOLDER.glob(f"{connection.vendor}-*"):
        old.unlink(missing_ok=True)
    written.rename(_file())


def _dumped(name: str) -> str | None:
    """As statements any client can send; None where pg_dump is not installed or is older than the server."""
    program, to = servers.postgres_program("pg_dump"), connection.settings_dict
    if program is None:
        return None
    # --inserts: COPY's rows could only be sent by a client that knows where they begin.
    command = [program, "--inserts", "--no-owner", "-h", to["HOST"], "-p", str(to["PORT"]), "-U", to["USER"], name]
    password = {"PGPASSWORD": to["PASSWORD"]} if to["PASSWORD"] else {}
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | password, check=False)
    return FOR_PSQL_ALONE.sub("", done.stdout) if done.returncode == 0 else None


def _file() -> Path:
    return FOLDER / f"{connection.vendor}-{digest()}"


def digest() -> str:
    """Of all a migrated database is made from."""
    made_from = hashlib.sha256(f"{connection.vendor} {settings.INSTALLED_APPS} {_server_version()}".encode())
    for path in sorted({ROOT / "requirements.txt", Path(__file__), *_sources()}):
        made_from.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return made_from.hexdigest()[:24]


def _sources() -> Iterator[Path]:
    """The product's migrations, and those of its modules that they name."""
    for migration in ROOT.glob("*/migrations/*.py"):
        yield migration
        for module in IMPORTED.findall(migration.read_text()):
            path = ROOT / module.replace(".", "/")
            yield from (found for found in (path.with_suffix(".py"), path / "__init__.py") if found.exists())


def _server_version() -> int:
    if connection.vendor != "postgresql":
        return 0
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        return int(cursor.connection.server_version)
