"""Deals and how they qualify."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deals import listing
        from deals.importing import register
        from deals.queries import doors, palette, rehearsal
        from deals.services import deletion, handing_over, moves

        register()
        moves.register()
        handing_over.register()
        deletion.register()
        rehearsal.register()
        listing.register()
        doors.register()
        palette.register()
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    panels = (
        ("steps", "What is due?", "deals:today-steps", 10, access.works_own_deals, False),
        ("pipeline", "Where does the pipeline stand?", "deals:today-pipeline", 30, access.reads_a_pipeline, False),
        ("risks", "Which deals need me?", "deals:today-risks", 40, access.works_deals, True),
        ("stale", "What stands still?", "deals:today-stale", 50, access.works_own_deals, False),
    )
    for key, title, url_name, rank, shown, aside in panels:
        today_panels.add(TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=shown, aside=aside))
