"""The cases of one function as one test: all are called, and each that fails is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = """
import pytest

@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_it_is_odd(number):
    assert number % 2

@pytest.mark.parametrize("word", ["a", "b"])
def test_a_folder_is_one_test_s(word, tmp_path):
    assert list(tmp_path.iterdir()) == []
    (tmp_path / word).touch()
"""


@pytest.mark.any_engine("asks no database")
def test_every_case_is_called_and_those_that_fail_are_named(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.plugins.gathered", "tests.plugins.unasked"]')
    (tmp_path / "test_cases.py").write_text(FILE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    here = os.environ | {"GATHER": "1", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=here, check=False).stdout
    assert "2 of 4 cases failed" in said
    assert {line.split()[-1] for line in said.splitlines() if "Case: " in line} == {"2", "4"}
    assert "1 failed, 2 passed" in said
