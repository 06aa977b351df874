"""All that can be said about the code without running it. Called by `./dev check`: every check runs, then the sum."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


def checks() -> dict[str, tuple[str, ...]]:
    """Return the checks by title, each as what follows `python`."""
    return {
        "Format": ("-m", "ruff", "format", "--check", "--quiet", "."),
        "Lint": ("-m", "ruff", "check", "--quiet", "."),
        "Templates": ("-m", "djlint", "templates", "--lint", "--quiet"),
        "Types": ("-m", "mypy"),
        "Import law": (str(Path(sys.executable).with_name("lint-imports")),),
        "Migrations": ("-m", "django", "makemigrations", "--check", "--dry-run", "--settings", "config.settings"),
        "Deploy check": (
            "-m",
            "django",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            "--settings",
            "config.settings",
        ),
        "Security lint": ("-m", "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *PACKAGES),
    }


def production(folder: str) -> dict[str, str]:
    """Return the values a real deployment would have, so that the deploy check judges what is deployed."""
    return {
        "QUARTERDECK_EMBEDDED": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "crm.example.com",
        "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3",
        "VAR_DIR": folder,
        "BEHIND_PROXY": "1",
    }


def main(wanted: list[str]) -> int:
    """Run the checks whose title starts with one of `wanted` (all without), and say at the end which failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="quarterdeck-check-") as folder:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        for title, command in checks().items():
            if wanted and not any(title.lower().startswith(word.lower()) for word in wanted):
                continue
            began = time.monotonic()
            print(f"== {title}", flush=True)
            extra = production(folder) if title == "Deploy check" else {"VAR_DIR": folder}
            done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment | extra, check=False)
            print(f"-- {'passed' if not done.returncode else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
            if done.returncode:
                failed.append(title)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
