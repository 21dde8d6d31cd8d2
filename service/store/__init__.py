"""The registry in Postgres: open it with `open_store`."""
