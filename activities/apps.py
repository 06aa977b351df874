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
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    url_name = "activities:today-tasks"
    today_panels.add(
        TodayPanel(
            key="tasks", title="What have I to do?", url_name=url_name, rank=15, shown=access.works_deals, aside=True
        )
    )
