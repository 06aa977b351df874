"""The playbook in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db import connection

from crm.models import PlaybookVersion
from playbook.schema import Playbook
from playbook.storing import dump, from_json


class NoPlaybook(Exception):
    """Nothing has been published yet; `manage.py publish_playbook` publishes the one that comes with the product."""


def current_number() -> int:
    """The number of the newest published version. One indexed query, so that every process sees a publication at once."""
    with connection.cursor() as cursor:  # every page asks; written out, it takes a third of the time
        cursor.execute("SELECT max(number) FROM crm_playbookversion")
        (number,) = cursor.fetchone()
    if number is None:
        raise NoPlaybook("No playbook is published yet. Run manage.py publish_playbook.")
    return int(number)


def current() -> tuple[int, Playbook]:
    """The newest version's number and content."""
    number = current_number()
    return number, by_number(number)


@lru_cache(maxsize=8)
def by_number(number: int) -> Playbook:
    """A version's content. Versions never change, so a process parses each once."""
    row = PlaybookVersion.objects.get(number=number)
    return from_json(row.data, row.schema_version)


@lru_cache(maxsize=4)
def files(number: int) -> Mapping[str, str]:
    """A version as the YAML files it would be written in, by name. Writing them takes a quarter of a second, so once."""
    return dump(by_number(number))
