"""Requests that may be sent again, and the newest version of the registry found without a walk."""

import sqlalchemy as sa
from alembic import op

revision = "l0003"
down_revision = "l0002"


def upgrade() -> None:
    """Requests that may be sent again, and the newest version of the registry found without a walk."""
    op.create_table(
        "request",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("ticks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_ticks"), ["ticks"], unique=False)
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaf_recorded_at"))  # `ticks` says the same
        batch_op.create_index(batch_op.f("ix_leaf_version"), ["version"], unique=False)


def downgrade() -> None:
    """Back to before."""
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaf_version"))
        batch_op.create_index(batch_op.f("ix_leaf_recorded_at"), ["recorded_at"], unique=False)
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_ticks"))

    op.drop_table("request")
