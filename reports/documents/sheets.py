"""A report's tables as spreadsheets: CSV for every program, XLSX with numbers that are numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

from crm.rules.spreadsheets import harmless
from reports.rules.exporting import basis, cells, heads
from reports.rules.report import Column, Report, Table, Value

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT_DIGITS = 15
"""What a spreadsheet's number keeps; longer ones are written as text."""
LONGEST_NAME = 31
FORMATS = {
    "money": "#,##0.00",
    "percent": "0.0",
    "chance": "0.000",
    "count": "#,##0",
    "days": "#,##0",
    "date": "yyyy-mm-dd",
}


def file_name(report: Report, table: Table | None, ending: str) -> str:
    part = f"-{table.key}" if table else ""
    return f"{report.key}{part}-{report.stated.as_of.isoformat()}.{ending}"


def as_csv(report: Report, table: Table) -> bytes:
    """One table. Its head first; what the figures rest on stands beneath, after an empty line."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow([harmless(head) for head in heads(table, report.stated.currency)])
    sheet.writerows([_text(value) for value in row] for row in cells(table))
    sheet.writerow([])
    sheet.writerows([harmless(label), harmless(value)] for label, value in basis(report.stated))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report, table: Table | None = None) -> bytes:
    """One table, or all of them a sheet each, and a sheet with what the figures rest on. Text is written as text: nothing
    somebody typed is ever run as a formula or followed as a link."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        made_at = report.stated.made_at.astimezone(dt.UTC).replace(tzinfo=None)
        book.set_properties({"title": report.title, "created": made_at})
        bold = book.add_format({"bold": True})
        styles = {
            (kind, is_sum): book.add_format({"num_format": FORMATS.get(kind, "General"), "bold": is_sum})
            for kind in ("text", "money", "count", "percent", "chance", "days", "number", "date")
            for is_sum in (False, True)
        }
        names: set[str] = set()
        for one in [table] if table else report.tables:
            sheet = book.add_worksheet(_sheet_name(one.title, names))
            sheet.freeze_panes(1, 1)
            for place, head in enumerate(heads(one, report.stated.currency)):
                sheet.write_string(0, place, head, bold)
                sheet.set_column(place, place, 28 if place == 0 else max(12, len(head) + 2))
            for line, (row, values) in enumerate(zip(one.rows, cells(one), strict=True), start=1):
                for place, (column, value) in enumerate(zip(one.columns, values, strict=True)):
                    _write(sheet, line, place, column, value, styles[column.kind, row.is_sum])
        sheet = book.add_worksheet(_sheet_name("Basis", names))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 80)
        for line, (label, value) in enumerate(basis(report.stated)):
            sheet.write_string(line, 0, label, bold)
            sheet.write_string(line, 1, value)
    return out.getvalue()


def _write(sheet: object, line: int, place: int, column: Column, value: Value, style: object) -> None:
    write = sheet  # xlsxwriter has no types
    if value is None:
        write.write_blank(line, place, None, style)  # type: ignore[attr-defined]
    elif isinstance(value, dt.date):
        write.write_datetime(line, place, dt.datetime.combine(value, dt.time()), style)  # type: ignore[attr-defined]
    elif isinstance(value, (int, Decimal)) and len(Decimal(value).as_tuple().digits) <= EXACT_DIGITS:
        write.write_number(line, place, value, style)  # type: ignore[attr-defined]
    else:
        write.write_string(line, place, str(value), style)  # type: ignore[attr-defined]


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of []:*?/\\, no quote at an end, each once."""
    fit = "".join(letter if letter.isprintable() and letter not in "[]:*?/\\" else " " for letter in title)
    plain = fit.strip("' ")[:LONGEST_NAME].strip("' ") or "Table"
    name, number = plain, 2
    while name.casefold() in taken:
        name = f"{plain[: LONGEST_NAME - 3]} {number}"
        number += 1
    taken.add(name.casefold())
    return name


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)
