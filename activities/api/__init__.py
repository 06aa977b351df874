"""The API's part of notes, tasks, activities and files."""
