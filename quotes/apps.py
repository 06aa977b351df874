"""What it costs and who must agree."""

from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quotes.queries import doors, palette, rehearsal, timeline
        from quotes.services import handing_over

        timeline.register()
        doors.register()
        palette.register()
        rehearsal.register()
        handing_over.register()
