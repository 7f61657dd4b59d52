"""Critical sections: one task at a time, over all runs."""

from alembic import op
from sqlalchemy import Column, PrimaryKeyConstraint, Text

revision = "0003"
down_revision = "0002"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "sop_lock",
        *(Column(name, TEXT, autoincrement=False, nullable=False) for name in ("name", "run", "label")),
        PrimaryKeyConstraint("name", name=op.f("sop_lock_key")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("sop_lock_run", "sop_lock", ["run", "name"], unique=False)


def downgrade() -> None:
    """Takes the table away."""
    op.drop_table("sop_lock")
