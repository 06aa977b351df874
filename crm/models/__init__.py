"""Who we sell to, and the base every app stands on."""

from crm.models.accounts import Account, Competitor, Contact, Product
from crm.models.company import Company, ExchangeRate, Holiday
from crm.models.imports import ImportedRow, ImportRemark, ImportRun, ImportState
from crm.models.lists import BulkChange, BulkOutcome, SavedView, SharedWith
from crm.models.merging import DuplicatePair, MergeRecord
from crm.models.notifications import (
    Digest,
    MailState,
    Notification,
    NotificationKind,
    NotificationSettings,
    OutboxMessage,
)
from crm.models.people import ApiToken, Person, Team
from crm.models.playbook import PlaybookVersion
from crm.models.playbook_drafts import DraftState, PlaybookDraft, RehearsalRun, RehearsedChange
from crm.models.team_places import TeamPlace
from crm.models.work import AuditEntry, Heartbeat, Job, JobState, Route, SentForm

__all__ = [
    "Account",
    "ApiToken",
    "AuditEntry",
    "BulkChange",
    "BulkOutcome",
    "Company",
    "Competitor",
    "Contact",
    "Digest",
    "DraftState",
    "DuplicatePair",
    "ExchangeRate",
    "Heartbeat",
    "Holiday",
    "ImportRemark",
    "ImportRun",
    "ImportState",
    "ImportedRow",
    "Job",
    "JobState",
    "MailState",
    "MergeRecord",
    "Notification",
    "NotificationKind",
    "NotificationSettings",
    "OutboxMessage",
    "Person",
    "PlaybookDraft",
    "PlaybookVersion",
    "Product",
    "RehearsalRun",
    "RehearsedChange",
    "Route",
    "SavedView",
    "SentForm",
    "SharedWith",
    "Team",
    "TeamPlace",
]
