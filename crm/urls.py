"""Addresses of accounts, contacts, people, the playbook, and signing in."""

from __future__ import annotations

from django.urls import path

from crm.views import (
    accounts,
    contacts,
    imports,
    jobs,
    leaving,
    people,
    playbook,
    publishing,
    sessions,
    settings,
    style_guide,
    tokens,
)

app_name = "crm"

urlpatterns = [
    path("", sessions.home, name="home"),
    path("sign-in/", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sessions.SignOut.as_view(), name="sign-out"),
    path("settings/", settings.own_settings, name="settings"),
    path("settings/password/", settings.own_password, name="settings-password"),
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/search/", accounts.account_search, name="account-search"),
    path("accounts/new/", accounts.account_new, name="account-new"),
    path("accounts/<int:account_id>/", accounts.account_detail, name="account-detail"),
    path("accounts/<int:account_id>/edit/", accounts.account_edit, name="account-edit"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/new/", contacts.contact_new, name="contact-new"),
    path("contacts/<int:contact_id>/", contacts.contact_detail, name="contact-detail"),
    path("contacts/<int:contact_id>/edit/", contacts.contact_edit, name="contact-edit"),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/<int:run_id>/", imports.import_detail, name="import-detail"),
    path("imports/<int:run_id>/again/", imports.import_again, name="import-again"),
    path("imports/<int:run_id>/check/", imports.import_check, name="import-check"),
    path("imports/<int:run_id>/start/", imports.import_start, name="import-start"),
    path("imports/<int:run_id>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:run_id>/remarks/", imports.import_remarks, name="import-remarks"),
    path("imports/<int:run_id>/report.csv", imports.import_report, name="import-report"),
    path("people/", people.person_list, name="person-list"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:person_id>/", people.person_edit, name="person-edit"),
    path("people/<int:person_id>/leaving/", leaving.person_leaving, name="person-leaving"),
    path("teams/new/", people.team_new, name="team-new"),
    path("teams/<int:team_id>/", people.team_edit, name="team-edit"),
    path("tokens/", tokens.token_list, name="token-list"),
    path("tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<int:job_id>/", jobs.job_detail, name="job-detail"),
    path("jobs/<int:job_id>/again/", jobs.job_again, name="job-again"),
    path("playbook/", playbook.overview, name="playbook"),
    path("playbook/questions/", playbook.questions, name="playbook-questions"),
    path("playbook/versions/", playbook.version_list, name="playbook-versions"),
    path("playbook/versions/<int:number>/", playbook.version_detail, name="playbook-version"),
    path("playbook/versions/<int:number>/files/", playbook.version_files, name="playbook-files"),
    path("playbook/compare/", playbook.compare, name="playbook-compare"),
    path("playbook/publish/", publishing.publish_page, name="playbook-publish"),
    path("style-guide/", style_guide.style_guide, name="style-guide"),
]
