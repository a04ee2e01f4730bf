"""Accounts, sessions with their handles, failed sign-ins, and long jobs of pages."""

import sqlalchemy as sa
from alembic import op

revision = "a0003"
down_revision = "a0002"


def upgrade() -> None:
    """Five tables more."""
    op.create_table(
        "account",
        *_texts("id", "login", "name", "password", "roles", "scenarios", "jurisdictions"),
        *_texts("created_at", "created_by", "disabled_at", "disabled_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "session",
        *_texts("digest", "who", "account", "name", "roles", "scenarios", "jurisdictions", "proof"),
        *_texts("began_at", "seen_at", "ends_at"),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_table(
        "handle",
        *_texts("session", "token", "value"),
        sa.PrimaryKeyConstraint("session", "token", name=op.f("pk_handle")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("key", "at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_table(
        "job",
        *_texts("id", "who", "kind", "begun_at", "beat_at"),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        *_texts("state"),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    for table, columns in INDEXES.items():
        for names in columns:
            op.create_index(op.f(f"ix_{table}_{'_'.join(names)}"), table, list(names))


def downgrade() -> None:
    """Back to before."""
    for table in ("job", "attempt", "handle", "session", "account"):
        op.drop_table(table)


INDEXES = {"session": (("who",), ("seen_at",)), "attempt": (("key", "at"),), "job": (("begun_at",),)}


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
