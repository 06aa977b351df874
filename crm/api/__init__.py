"""The API's addresses of this app, put together in `config.api`."""
