"""Accounts, contacts, people, and the base every app stands on."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm import listing
        from crm.importing.kinds import register
        from crm.queries import bin, doors, places
        from crm.services import handovers

        register()
        listing.register()
        handovers.register()
        bin.register()
        doors.register()
        places.register()
