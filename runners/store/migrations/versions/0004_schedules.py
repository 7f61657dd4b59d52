"""Schedules: when each SOP starts its next run by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column, PrimaryKeyConstraint, Text

revision = "0004"
down_revision = "0003"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "sop_schedule",
        *(Column(name, TEXT, autoincrement=False, nullable=False) for name in ("sop", "id", "fingerprint", "cron", "zone")),
        *(
            Column(name, TEXT, autoincrement=False, nullable=True)
            for name in ("next_at", "last_at", "last_run", "trouble", "paused_at", "set_by")
        ),
        PrimaryKeyConstraint("sop", "id", name=op.f("sop_schedule_key")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    only = sa.text("next_at IS NOT NULL")
    op.create_index(
        "sop_schedule_due", "sop_schedule", ["next_at", "sop", "id"], unique=False, sqlite_where=only, postgresql_where=only
    )


def downgrade() -> None:
    """Takes the table away."""
    op.drop_table("sop_schedule")
