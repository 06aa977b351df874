"""Deals and how they qualify."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deals.importing import register
        from deals.queries import rehearsal
        from deals.services import deletion, handing_over, moves

        register()
        moves.register()
        handing_over.register()
        deletion.register()
        rehearsal.register()
