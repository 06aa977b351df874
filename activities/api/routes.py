"""Where the API's notes, tasks, activities and files are found."""

from __future__ import annotations

from django.urls import path

from activities.api import activities, attachments, notes, tasks

urlpatterns = [
    path("notes/", notes.NoteList.as_view(), name="notes"),
    path("notes/<int:note_id>/", notes.NoteDetail.as_view(), name="note"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/<int:task_id>/", tasks.TaskDetail.as_view(), name="task"),
    path("activities/", activities.ActivityList.as_view(), name="activities"),
    path("activities/<int:activity_id>/", activities.ActivityDetail.as_view(), name="activity"),
    path("attachments/", attachments.AttachmentList.as_view(), name="attachments"),
    path("attachments/<int:attachment_id>/", attachments.AttachmentDetail.as_view(), name="attachment"),
    path(
        "attachments/<int:attachment_id>/content/",
        attachments.AttachmentContent.as_view(),
        name="attachment-content",
    ),
]
