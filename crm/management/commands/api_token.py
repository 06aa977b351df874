"""Makes or revokes a personal API token."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.models import ApiToken, Person, Route
from crm.services.audit import Act
from crm.services.tokens import create_token, revoke_token


class Command(BaseCommand):
    help = "Prints a new API token for a person, once. It is stored as a hash and can't be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--name", default="command line", help="what will use it")
        parser.add_argument("--revoke", action="store_true", help="revoke all of the person's tokens instead")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["user"]).first()
        if person is None:
            raise CommandError(f"There is nobody with the user name {options['user']!r}.")
        act = Act(by=None, route=Route.COMMAND)
        if options["revoke"]:
            live = ApiToken.objects.filter(person=person, revoked_at=None)
            for token in live:
                revoke_token(act=act, person=person, token_id=token.pk)
            self.stdout.write(f"Revoked {len(live)} tokens of {person}.")
            return
        _, text = create_token(act=act, person=person, name=options["name"])
        self.stdout.write(text)
