"""What it costs and who must agree."""

from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quotes.queries import rehearsal, timeline
        from quotes.services import handing_over

        timeline.register()
        rehearsal.register()
        handing_over.register()
