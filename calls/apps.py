"""What happens with the customer on the line: discovery calls from plan to review."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from calls.queries import doors, palette, sayings, timeline
        from calls.services import handing_over

        timeline.register()
        doors.register()
        palette.register()
        sayings.register()
        handing_over.register()
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    shown, title = access.works_own_deals, "Which calls are next?"
    today_panels.add(TodayPanel(key="calls", title=title, url_name="calls:today-calls", rank=12, shown=shown))
