"""The API's addresses of deals, put together in `config.api`."""
