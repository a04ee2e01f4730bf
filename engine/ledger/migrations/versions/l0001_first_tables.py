"""The first tables of the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "l0001"
down_revision = None


def upgrade() -> None:
    """The first tables of the ledger."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "head",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("signed_at", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_head")),
    )
    op.create_table(
        "leaf",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("ticks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("core", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("promise", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaf")),
        sa.UniqueConstraint("number", name=op.f("uq_leaf_number")),
    )
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaf_of"), ["of"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaf_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaf_ticks"), ["ticks"], unique=False)

    op.create_table(
        "node",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opening",
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", "handle", name=op.f("pk_opening")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_subject"), ["subject"], unique=False)

    op.create_table(
        "rulebook",
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_rulebook")),
    )


def downgrade() -> None:
    """Back to before."""
    op.drop_table("rulebook")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_subject"))

    op.drop_table("opening")
    op.drop_table("node")
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaf_ticks"))
        batch_op.drop_index(batch_op.f("ix_leaf_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_leaf_of"))

    op.drop_table("leaf")
    op.drop_table("head")
    op.drop_table("erasure")
