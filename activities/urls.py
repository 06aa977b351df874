"""Addresses of what is written about a record; they stand under the record, or under the entry itself."""

from __future__ import annotations

from django.urls import path, register_converter

from activities import converters
from activities.views import emails, entries, files, tasks, timeline

register_converter(converters.Record, "record")
register_converter(converters.Company, "company")
register_converter(converters.Words, "words")
register_converter(converters.Written, "written")
register_converter(converters.Addable, "addable")

app_name = "activities"

urlpatterns = [
    path("today/tasks/", tasks.today_tasks, name="today-tasks"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/<int:entry_id>/done/", tasks.task_done, name="task-done"),
    path("files/<int:entry_id>/content/", files.file_content, name="file-content"),
    path("<words:words>/<int:entry_id>/", entries.entry_detail, name="entry-detail"),
    path("<written:words>/<int:entry_id>/edit/", entries.entry_edit, name="entry-edit"),
    path("<words:words>/<int:entry_id>/delete/", entries.entry_delete, name="entry-delete"),
    path("<record:kind>/<int:record_id>/tasks/", tasks.task_panel, name="task-panel"),
    path("<record:kind>/<int:record_id>/mentions/", entries.mention_search, name="mention-search"),
    path("<record:kind>/<int:record_id>/add/email/", emails.email_new, name="email-new"),
    path("<record:kind>/<int:record_id>/add/files/", files.file_new, name="file-new"),
    path("<record:kind>/<int:record_id>/add/<addable:noun>/", entries.entry_new, name="entry-new"),
    path("<company:kind>/<int:record_id>/timeline/", timeline.record_timeline, name="record-timeline"),
]
