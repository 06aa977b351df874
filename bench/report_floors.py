"""The aggregates each report needs, by hand in SQL: for every table one statement that reads no more than it has to.

A report has several tables, so it needs several; what they take together is what its own time is held against. They give sums in
the deals' currencies: converting, rounding, naming, checking and drawing is the report's.
"""

from __future__ import annotations

AT = """s.from_at <= %(at)s AND s.to_at > %(at)s
  AND NOT EXISTS (SELECT 1 FROM deals_deal b WHERE b.id = s.deal_id AND b.deleted_at IS NOT NULL)"""
OPEN = f"deals_dealspan s WHERE s.outcome = 'open' AND {AT}"
WON = f"deals_dealspan s WHERE s.outcome = 'won' AND {AT}"
WHOLE_FROM = "SELECT max(to_at) FROM deals_dealspan WHERE NOT is_whole"

OPEN_SUMS = f"SELECT s.currency, count(*), sum(s.amount) FROM {OPEN} GROUP BY 1"
OPEN_THEN = OPEN_SUMS.replace("%(at)s", "%(since)s")
CHANGED = """
WITH now AS (SELECT * FROM deals_dealspan s WHERE from_at > %(since)s AND from_at <= %(at)s AND to_at > %(at)s
  AND NOT EXISTS (SELECT 1 FROM deals_deal b WHERE b.id = s.deal_id AND b.deleted_at IS NOT NULL))
SELECT was.outcome, was.currency, now.outcome, now.currency, sign(now.amount - was.amount), count(*), sum(was.amount), sum(now.amount)
FROM now LEFT JOIN deals_dealspan was ON was.deal_id = now.deal_id AND was.from_at <= %(since)s AND was.to_at > %(since)s
GROUP BY 1, 2, 3, 4, 5
"""
LATER = """
SELECT count(*) FROM deals_dealspan now
JOIN deals_dealspan was ON was.deal_id = now.deal_id AND was.from_at <= %(since)s AND was.to_at > %(since)s
WHERE now.from_at > %(since)s AND now.from_at <= %(at)s AND now.to_at > %(at)s AND now.outcome = 'open' AND was.outcome = 'open'
  AND now.close_date > was.close_date
  AND NOT EXISTS (SELECT 1 FROM deals_deal b WHERE b.id = now.deal_id AND b.deleted_at IS NOT NULL)
"""
LARGEST_CHANGES = """
SELECT d.name, was.stage, now.stage, was.amount, now.amount, now.owner_id FROM deals_dealspan now
JOIN deals_deal d ON d.id = now.deal_id AND d.deleted_at IS NULL
LEFT JOIN deals_dealspan was ON was.deal_id = now.deal_id AND was.from_at <= %(since)s AND was.to_at > %(since)s
WHERE now.from_at > %(since)s AND now.from_at <= %(at)s AND now.to_at > %(at)s
ORDER BY greatest(coalesce(was.amount, 0), coalesce(now.amount, 0)) DESC, d.id LIMIT 50
"""

WON_IN_QUARTER = (
    f"SELECT s.stage, s.currency, count(*), count(s.amount), sum(s.amount) FROM {WON} "
    "AND s.close_date BETWEEN %(first)s AND %(last)s GROUP BY 1, 2"
)
PACE = (
    "SELECT s.stage, (s.stage_from_at AT TIME ZONE 'UTC')::date, count(*) "
    f"FROM {OPEN} AND s.stage_from_at IS NOT NULL GROUP BY 1, 2"
)
RISKS = f"""
SELECT r.risk, d.currency, count(*), sum(d.amount) FROM deals_dealrisk r JOIN deals_deal d ON d.id = r.deal_id
WHERE d.id IN (SELECT s.deal_id FROM {OPEN}) GROUP BY 1, 2
"""
GRAVEST = """
SELECT d.id FROM deals_deal d WHERE d.deleted_at IS NULL AND d.outcome = 'open'
  AND EXISTS (SELECT 1 FROM deals_dealrisk r WHERE r.deal_id = d.id) ORDER BY d.amount_sort DESC, d.id DESC LIMIT 6
"""
LARGEST = f"SELECT s.deal_id FROM {OPEN} AND s.amount IS NOT NULL ORDER BY s.amount DESC, s.deal_id LIMIT 10"
OLDEST = f"""
SELECT s.deal_id FROM deals_dealspan s JOIN deals_deal d ON d.id = s.deal_id
WHERE s.outcome = 'open' AND {AT} AND d.deleted_at IS NULL ORDER BY d.created_at, d.id LIMIT 10
"""


def open_by(column: str, join: str = "") -> str:
    return f"""
SELECT s.stage, s.currency, {column}, s.close_date BETWEEN %(first)s AND %(last)s, count(*), count(s.amount), sum(s.amount)
FROM deals_dealspan s {join} WHERE s.outcome = 'open' AND {AT} GROUP BY 1, 2, 3, 4
"""


ACCOUNT = "JOIN deals_deal d ON d.id = s.deal_id JOIN crm_account a ON a.id = d.account_id"
LINES = "JOIN deals_dealline l ON l.deal_id = s.deal_id JOIN crm_product p ON p.id = l.product_id"
PIPELINE = (WON_IN_QUARTER, PACE, LARGEST, OLDEST, OPEN_THEN, CHANGED, WHOLE_FROM)
AT_RISK = (RISKS, GRAVEST)


def _quarter(moment: str) -> tuple[str, str]:
    month = "extract(year FROM s.close_date), extract(month FROM s.close_date)"
    return (
        f"SELECT s.owner_id, s.currency, {month}, count(*), count(s.amount), sum(s.amount) FROM {WON} "
        "AND s.close_date BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3, 4".replace("%(at)s", moment),
        f"SELECT s.owner_id, s.currency, s.forecast_category, {month}, count(*), count(s.amount), sum(s.amount) FROM {OPEN} "
        "AND (s.close_date <= %(last)s OR s.close_date IS NULL) GROUP BY 1, 2, 3, 4, 5".replace("%(at)s", moment),
    )


CHANGES_OF_QUARTER = """
SELECT i.deal_id, i.field, i.value, i.from_at, count(*) OVER () FROM deals_dealinterval i
WHERE i.from_at > %(since)s AND i.from_at <= %(at)s AND EXISTS (
  SELECT 1 FROM deals_dealspan s WHERE s.deal_id = i.deal_id AND s.from_at <= %(at)s AND s.to_at > %(since)s
  AND s.close_date BETWEEN %(first)s AND %(last)s) ORDER BY i.from_at DESC, i.id DESC LIMIT 60
"""

DECIDED = f"""deals_dealspan s {{join}} WHERE s.outcome IN ('won', 'lost') AND {AT} AND s.close_date BETWEEN %(year)s AND %(day)s"""


def decided_by(column: str, join: str = "", amount: str = "s.amount") -> str:
    return (
        f"SELECT {column}, s.outcome, s.currency, count(DISTINCT s.deal_id), sum({amount}) FROM {DECIDED.format(join=join)} "
        "GROUP BY 1, 2, 3"
    )


DEAL = "JOIN deals_deal d ON d.id = s.deal_id"
COMPETITOR = "LEFT JOIN deals_dealcompetitor c ON c.deal_id = s.deal_id"
REASON = "LEFT JOIN deals_outcomereason r ON r.deal_id = s.deal_id"
USE = "JOIN battlecards_use u ON u.deal_id = s.deal_id AND u.at <= %(at)s JOIN deals_deal d ON d.id = s.deal_id AND u.at < d.closed_at"
BANDS = "width_bucket(s.amount, ARRAY[5000000, 25000000, 100000000]::bigint[])"
SIZES = "width_bucket(a.employees, ARRAY[250, 1000, 5000])"
NAMED = f"""
SELECT d.outcome_competitor_id, s.outcome, s.currency, count(*), sum(s.amount) FROM {DECIDED.format(join=DEAL)}
AND d.outcome_competitor_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM deals_dealcompetitor c WHERE c.deal_id = s.deal_id AND c.competitor_id = d.outcome_competitor_id)
GROUP BY 1, 2, 3
"""
WINS = (
    f"SELECT s.outcome, s.currency, count(*), sum(s.amount) FROM {DECIDED.format(join='')} GROUP BY 1, 2",
    decided_by("c.competitor_id", COMPETITOR),
    NAMED,
    f"SELECT count(*) FILTER (WHERE s.outcome = 'won'), count(*) FROM {DECIDED.format(join='')} "
    "AND EXISTS (SELECT 1 FROM deals_dealcompetitor c WHERE c.deal_id = s.deal_id)",
    decided_by("a.segment", ACCOUNT),
    decided_by("a.region", ACCOUNT),
    decided_by(SIZES, ACCOUNT),
    decided_by(BANDS),
    decided_by("p.line", LINES.replace("JOIN", "LEFT JOIN"), "l.amount"),
    decided_by("s.owner_id"),
    decided_by("u.card_id", USE),
    f"SELECT r.reason, s.outcome, count(*) FROM {DECIDED.format(join=REASON)} GROUP BY 1, 2",
    decided_by("date_trunc('month', s.close_date)"),
    f"SELECT s.outcome, s.close_date - (d.created_at AT TIME ZONE 'UTC')::date, count(*) FROM {DECIDED.format(join=DEAL)} GROUP BY 1, 2",
    f"SELECT s.outcome, count(*) FROM {DECIDED.format(join='')} "
    "AND EXISTS (SELECT 1 FROM deals_dealspan p WHERE p.deal_id = s.deal_id AND p.stage = 'poc') GROUP BY 1",
    f"SELECT count(*) FROM deals_dealspan s WHERE s.outcome IN ('won', 'lost') AND {AT} AND s.close_date IS NULL",
    WHOLE_FROM,
)  # fmt: skip


def months_by(column: str, join: str = "", amount: str = "s.amount") -> str:
    return f"""
SELECT {column}, s.outcome, s.forecast_category, s.currency, date_trunc('month', s.close_date), sum({amount})
FROM deals_dealspan s {join} WHERE s.outcome <> 'lost' AND {AT} AND s.close_date BETWEEN %(plan_first)s AND %(plan_last)s
GROUP BY 1, 2, 3, 4, 5
"""


TARGETS = (
    months_by("1"),
    months_by("p.line", LINES, "l.amount"),
    months_by("a.segment", ACCOUNT),
    WHOLE_FROM,
)
MARKET = (*(months_by(f"a.{name}", ACCOUNT) for name in ("segment", "vertical", "region")), WHOLE_FROM)
WON_SINCE = f"SELECT s.currency, sum(s.amount) FROM {WON} AND s.close_date BETWEEN %(year)s AND %(day)s GROUP BY 1"
YEARS_DECIDED = f"SELECT count(*) FILTER (WHERE s.outcome = 'won'), count(*) FROM {DECIDED.format(join='')}"
CUSTOMERS = f"SELECT count(DISTINCT d.account_id) FROM deals_deal d WHERE d.id IN (SELECT s.deal_id FROM {WON})"
FIRSTS = f"""
SELECT count(*) FROM (SELECT d.account_id FROM deals_dealspan s JOIN deals_deal d ON d.id = s.deal_id
WHERE s.outcome = 'won' AND {AT} GROUP BY 1 HAVING min(s.close_date) BETWEEN %(year)s AND %(day)s) first
"""
IN_QUARTER = f"SELECT s.currency, sum(s.amount) FROM {OPEN} AND s.close_date BETWEEN %(first)s AND %(last)s GROUP BY 1"
RENEWED = YEARS_DECIDED.replace(
    "deals_dealspan s ", "deals_dealspan s JOIN deals_deal d ON d.id = s.deal_id AND d.deal_type = 'renewal' "
)
WITH_POC = (
    YEARS_DECIDED + " AND EXISTS (SELECT 1 FROM deals_dealspan p WHERE p.deal_id = s.deal_id AND p.stage = 'poc')"
)
CYCLE = (
    "SELECT sum(s.close_date - (d.created_at AT TIME ZONE 'UTC')::date), count(*) "
    f"FROM {DECIDED.format(join=DEAL)} AND s.outcome = 'won'"
)
LOST_FOR = f"SELECT r.reason, count(*) FROM {DECIDED.format(join=REASON)} AND s.outcome = 'lost' GROUP BY 1"
KPIS = (WON_SINCE, WON_SINCE, YEARS_DECIDED, CUSTOMERS, FIRSTS, RENEWED, WITH_POC, CYCLE)
RISK_SIGNS = (decided_by("c.competitor_id", COMPETITOR), NAMED, LOST_FOR, YEARS_DECIDED, RENEWED)
FLOORS: dict[str, tuple[str, ...]] = {
    "pipeline": (open_by("s.owner_id"), *PIPELINE, *AT_RISK),
    "pipeline, a year ago": (open_by("s.owner_id"), *PIPELINE),
    "pipeline by segment": (open_by("a.segment", ACCOUNT), *PIPELINE, *AT_RISK),
    "what changed in a week": (OPEN_SUMS, OPEN_THEN, CHANGED, LATER, LARGEST_CHANGES, WHOLE_FROM),
    "forecast": (*_quarter("%(at)s"), *_quarter("%(since)s"), CHANGES_OF_QUARTER, WHOLE_FROM),
    "win and loss": WINS,
    "targets": TARGETS,
    "market": MARKET,
    "KPIs": KPIS,
    "risks": RISK_SIGNS,
}
