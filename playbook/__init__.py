"""The sales playbook as data, and the types that read it. Not a Django app: it imports nothing of Django."""
