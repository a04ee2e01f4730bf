"""The ledger's hash is written down."""

import sqlalchemy as sa
from alembic import op

revision = "l0002"
down_revision = "l0001"


def upgrade() -> None:
    """The ledger's hash is written down."""
    op.create_table(
        "founding",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding")),
    )


def downgrade() -> None:
    """Back to before."""
    op.drop_table("founding")
