"""What people do around a deal: notes, tasks, logged calls and e-mails, files."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from activities.queries import palette, timeline
        from activities.services import evidence, handing_over, telling
        from crm.services.notifications import notify

        timeline.register()
        evidence.register()
        handing_over.register()
        palette.register()
        telling.connect(notify)
