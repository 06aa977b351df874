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
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    panels = (
        ("approvals", "What waits for my approval?", "quotes:today-approvals", 5, access.may_approve),
        ("returned", "Which of my quotes came back?", "quotes:today-returned", 15, access.works_own_deals),
    )
    for key, title, url_name, rank, shown in panels:
        today_panels.add(TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=shown))
