"""Decisions are found by scenario and by verdict without looking at all of them."""

from alembic import op

revision = "l0004"
down_revision = "l0003"


def upgrade() -> None:
    """Decisions are found by scenario and by verdict without looking at all of them."""
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaf_scenario_ticks"), ["scenario", "ticks"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaf_verdict_ticks"), ["verdict", "ticks"], unique=False)


def downgrade() -> None:
    """Back to before."""
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaf_verdict_ticks"))
        batch_op.drop_index(batch_op.f("ix_leaf_scenario_ticks"))
