"""Addresses of accounts, contacts, people, the playbook, and signing in."""

from __future__ import annotations

from django.urls import path

from crm.views import accounts, contacts, sessions, style_guide

app_name = "crm"

urlpatterns = [
    path("", sessions.home, name="home"),
    path("sign-in/", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sessions.SignOut.as_view(), name="sign-out"),
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/new/", accounts.account_new, name="account-new"),
    path("accounts/<int:account_id>/", accounts.account_detail, name="account-detail"),
    path("accounts/<int:account_id>/edit/", accounts.account_edit, name="account-edit"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/new/", contacts.contact_new, name="contact-new"),
    path("contacts/<int:contact_id>/", contacts.contact_detail, name="contact-detail"),
    path("contacts/<int:contact_id>/edit/", contacts.contact_edit, name="contact-edit"),
    path("style-guide/", style_guide.style_guide, name="style-guide"),
]
