"""Where this app's part of the API is found."""

from __future__ import annotations

from django.urls import path

from crm.api import accounts, bin, company, drafts, history, lists, merging, notifications, work

urlpatterns = [
    path("me/", work.Me.as_view(), name="me"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/<int:account_id>/", accounts.AccountDetail.as_view(), name="account"),
    path("contacts/", accounts.ContactList.as_view(), name="contacts"),
    path("contacts/<int:contact_id>/", accounts.ContactDetail.as_view(), name="contact"),
    path("merges/", merging.MergeList.as_view(), name="merges"),
    path("merges/<int:merge_id>/", merging.MergeDetail.as_view(), name="merge"),
    path("merges/<int:merge_id>/undo/", merging.MergeUndo.as_view(), name="merge-undo"),
    path("changes/", history.AuditList.as_view(), name="audit"),
    path("bin/", bin.BinList.as_view(), name="bin"),
    path("bin/<str:bin_kind>/<int:binned_id>/restore/", bin.BinRestore.as_view(), name="bin-restore"),
    path("company/", company.CompanyDetail.as_view(), name="company"),
    path("company/rates/", company.RateList.as_view(), name="company-rates"),
    path("views/", lists.ViewList.as_view(), name="views"),
    path("views/<int:view_id>/", lists.ViewDetail.as_view(), name="view"),
    path("bulk-changes/", lists.BulkList.as_view(), name="bulk-changes"),
    path("bulk-changes/<int:bulk_id>/", lists.BulkDetail.as_view(), name="bulk-change"),
    path("bulk-changes/<int:bulk_id>/outcomes/", lists.BulkOutcomes.as_view(), name="bulk-change-outcomes"),
    path("bulk-changes/<int:bulk_id>/undo/", lists.BulkUndo.as_view(), name="bulk-change-undo"),
    path("bulk-changes/<int:bulk_id>/file/", lists.BulkFile.as_view(), name="bulk-change-file"),
    path("competitors/", work.CompetitorList.as_view(), name="competitors"),
    path("people/", work.PersonList.as_view(), name="people"),
    path("notifications/", notifications.NotificationList.as_view(), name="notifications"),
    path("notifications/read/", notifications.NotificationRead.as_view(), name="notifications-read"),
    path("jobs/", work.JobList.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", work.JobDetail.as_view(), name="job"),
    path("playbook-versions/", work.VersionList.as_view(), name="playbook-versions"),
    path("playbook-versions/<int:number>/", work.VersionDetail.as_view(), name="playbook-version"),
    path("playbook-drafts/", drafts.DraftList.as_view(), name="playbook-drafts"),
    path("playbook-drafts/<int:draft_id>/", drafts.DraftDetail.as_view(), name="playbook-draft"),
    path("playbook-drafts/<int:draft_id>/rehearse/", drafts.DraftRehearse.as_view(), name="playbook-draft-rehearse"),
    path("rehearsals/<int:rehearsal_id>/", drafts.RehearsalDetail.as_view(), name="rehearsal"),
    path("rehearsals/<int:rehearsal_id>/changes/", drafts.RehearsedList.as_view(), name="rehearsal-changes"),
]
