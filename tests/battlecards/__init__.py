"""Cards over HTTP, and the services beneath."""
