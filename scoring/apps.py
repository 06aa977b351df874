"""Lead scores: the rules, the workers that compute them, and their pages."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from scoring.queries import judging, rehearsal, timeline

        timeline.register()
        rehearsal.register()
        judging.register()

        from crm.registry import TodayPanel, today_panels
        from crm.rules.access import works_own_deals

        panels = (("classes", "Which classes changed?", 60, True), ("questions", "What to ask this week", 45, False))
        for key, title, rank, aside in panels:
            url_name = f"scoring:today-{key}"
            today_panels.add(
                TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=works_own_deals, aside=aside)
            )
