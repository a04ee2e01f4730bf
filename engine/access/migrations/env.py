"""Alembic's way in: it works on the connection it is handed and knows no address of its own."""

from alembic import context

from engine.access.tables import AccessTable

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=AccessTable.metadata,
    render_as_batch=True,
    compare_type=True,
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()
