"""What must be importable without Django: rules and playbook, so that they can be tested and used alone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "rest_framework", "celery"}))
"""


@pytest.mark.parametrize(
    "package",
    ["playbook", "crm.rules", "deals.rules", "activities.rules", "scoring.rules", "quotes.rules", "calls.rules"],
)
def test_importing_it_imports_no_framework(package):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, package], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"
