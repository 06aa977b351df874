"""Who one is, one's own jobs, and the playbook's versions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import one_of, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.models import Competitor, Job, JobState, Person, PlaybookVersion
from crm.queries.playbook import current_number
from crm.rules import access
from crm.serializers.work import (
    CompetitorAnswer,
    JobAnswer,
    MeAnswer,
    PersonAnswer,
    PlaybookVersionAnswer,
    PlaybookVersionRow,
)


class Me(ApiView):
    @operation(id="me", tag="me", says="Who this token or session belongs to, and what they may do", answers=MeAnswer)
    def get(self, request: Request) -> Response:
        person, roles = self.person, self.person.roles
        person.may = {  # type: ignore[attr-defined] # shown beside the person, kept nowhere
            "create_deals": access.may_create_deals(roles),
            "edit_accounts": access.may_edit_accounts(roles),
            "see_amounts": access.sees_amounts(roles),
            "see_contacts": access.sees_contacts(roles),
            "publish_playbook": access.may_publish_playbook(roles),
        }
        return self.answer(Shown(MeAnswer(person).data))


class JobView(ApiView):
    def rows(self) -> QuerySet[Job]:
        return Job.objects.filter(created_by=self.person)


class JobList(JobView):
    filters = (one_of("state", "How far it is.", JobState.values),)
    sorts = keyset.both_ways(Sort("created", "Asked for", ("id",)))

    @listing(
        id="jobs_list",
        tag="jobs",
        says="Work you asked for, newest first",
        rows=JobAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        rows = self.rows().filter(**self.wanted())
        return self.listed(rows, JobAnswer, default="-created")


class JobDetail(JobView):
    @operation(id="jobs_read", tag="jobs", says="One job of yours", path={"job_id": "The job's id."}, answers=JobAnswer)
    def get(self, request: Request, job_id: int) -> Response:
        return self.answer(Shown(JobAnswer(self.rows().get(pk=job_id)).data))


class VersionView(ApiView):
    def rows(self) -> QuerySet[PlaybookVersion]:
        self.require(access.may_see_playbook)
        return PlaybookVersion.objects.select_related("published_by")

    def dress(self, versions: list[PlaybookVersion]) -> list[PlaybookVersion]:
        newest = current_number()
        for version in versions:
            version.in_force = version.number == newest  # type: ignore[attr-defined] # shown beside the row
        return versions


class VersionList(VersionView):
    sorts = keyset.both_ways(Sort("number", "Number", ("number",)))

    @listing(
        id="playbook_versions_list",
        tag="playbook",
        says="Published playbooks, newest first",
        rows=PlaybookVersionRow,
        filters=(),
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        def show(versions: list[PlaybookVersion]) -> list[Any]:
            return list(PlaybookVersionRow(self.dress(versions), many=True).data)

        return self.listed(self.rows().defer("data"), show, default="-number")


class VersionDetail(VersionView):
    @operation(
        id="playbook_versions_read",
        tag="playbook",
        says="One published playbook, whole",
        path={"number": "The version's number."},
        answers=PlaybookVersionAnswer,
    )
    def get(self, request: Request, number: int) -> Response:
        version = self.rows().get(number=number)
        return self.answer(Shown(PlaybookVersionAnswer().to_representation(self.dress([version])[0])))


class CompetitorList(ApiView):
    sorts = keyset.both_ways(Sort("key", "Key", ("key",)))

    @listing(
        id="competitors_list",
        tag="competitors",
        says="Known competitors, by the key that deals and accounts name them with",
        rows=CompetitorAnswer,
        filters=(),
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.may_see_playbook)
        rows = Competitor.objects.all()
        return self.listed(rows, CompetitorAnswer, default="key")


class PersonList(ApiView):
    filters = (text("q", "Part of the first, last or user name."),)
    sorts = keyset.both_ways(Sort("name", "Name", ("first_name", "last_name")))

    @listing(
        id="people_list",
        tag="people",
        says="Colleagues, by the id that owners are named with",
        rows=PersonAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.sees_contacts)
        return self.listed(
            _named_like(self.wanted().get("q", "")),
            PersonAnswer,
            default="name",
        )


def _named_like(part: str) -> QuerySet[Person]:
    people = Person.objects.filter(is_active=True).select_related("team")
    if not part:
        return people
    return people.filter(Q(first_name__icontains=part) | Q(last_name__icontains=part) | Q(username__icontains=part))
