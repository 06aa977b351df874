"""What people do around a deal: notes, tasks, logged calls and e-mails, files."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from activities.queries import timeline
        from activities.services import evidence, handing_over

        timeline.register()
        evidence.register()
        handing_over.register()
