"""`manage.py first_administrator`: the person who lets everybody else in."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from crm.models import Person
from crm.rules.access import Role
from crm.services.team_places import seat


class Command(BaseCommand):
    """Asks for name and password, or takes them from QUARTERDECK_ADMIN_USER and QUARTERDECK_ADMIN_PASSWORD."""

    help = "Make the first administrator. Does nothing when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if any(Role.OPS in roles for roles in Person.objects.filter(is_active=True).values_list("roles", flat=True)):
            return
        username = os.environ.get("QUARTERDECK_ADMIN_USER", "")
        password = os.environ.get("QUARTERDECK_ADMIN_PASSWORD", "")
        if username and password:
            problems = _problems(username, password)
            if problems:
                raise CommandError(" ".join(problems))
        else:
            try:
                username, password = self._ask()
            except EOFError as error:
                raise CommandError(
                    "There is no administrator yet, and nobody to ask. Run this in a terminal, or set "
                    "QUARTERDECK_ADMIN_USER and QUARTERDECK_ADMIN_PASSWORD."
                ) from error
        with transaction.atomic():
            person = Person.objects.create_superuser(username=username, password=password, roles=[Role.OPS])
            seat([person.pk], timezone.now())
        self.stdout.write(f"{username} is the administrator and signs in with that name and the password just given.")

    def _ask(self) -> tuple[str, str]:
        self.stdout.write("Quarterdeck is empty. Who is its first administrator?")
        while True:
            username = input("User name: ").strip()
            password = _secret("Password (12 characters or more): ")
            problems = _problems(username, password)
            if not problems and _secret("The same password again: ") != password:
                problems = ["The two passwords differ."]
            if not problems:
                return username, password
            self.stdout.write(" ".join(problems))


def _secret(prompt: str) -> str:
    """Ask without showing what is typed; take a plain line where a script answers."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else input(prompt)


def _problems(username: str, password: str) -> list[str]:
    """Return what is wrong with the name or the password, one sentence each."""
    person = Person(username=username)
    try:
        person.clean_fields(exclude={"password"})
        person.validate_unique()
        validate_password(password, person)
    except ValidationError as error:
        return list(error.messages)
    return []
