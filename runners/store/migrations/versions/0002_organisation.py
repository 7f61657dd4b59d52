"""The organisation: units, absences, delegated roles, turns, and the directory's own history."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def _texts(*names: str, default: str | None = None) -> list[Column[str]]:
    return [Column(name, TEXT, autoincrement=False, nullable=False, server_default=default) for name in names]


def upgrade() -> None:
    """Makes the tables."""
    ordered = {"sqlite_strict": True, "sqlite_with_rowid": False}
    op.create_table(
        "sop_unit",
        *_texts("id", "name"),
        *_texts("parent", "lead", default=""),
        *_texts("model", default="hybrid"),
        CheckConstraint("model IN ('centralised', 'decentralised', 'hybrid')", name=op.f("sop_unit_model_known")),
        PrimaryKeyConstraint("id", name=op.f("sop_unit_key")),
        **ordered,
    )
    op.create_table(
        "sop_absence",
        *_texts("person", "from_at", "until_at"),
        *_texts("deputy", default=""),
        PrimaryKeyConstraint("person", "from_at", name=op.f("sop_absence_key")),
        **ordered,
    )
    op.create_index("sop_absence_deputy", "sop_absence", ["deputy", "until_at"])
    op.create_table(
        "sop_delegation",
        *_texts("giver", "role", "receiver", "from_at", "until_at"),
        PrimaryKeyConstraint("giver", "role", "receiver", "from_at", name=op.f("sop_delegation_key")),
        **ordered,
    )
    op.create_index("sop_delegation_to", "sop_delegation", ["receiver", "until_at"])
    op.create_table(
        "sop_turn",
        *_texts("place", "person"),
        Column("last", Integer(), autoincrement=False, nullable=False),
        PrimaryKeyConstraint("place", "person", name=op.f("sop_turn_key")),
        **ordered,
    )
    op.create_table(
        "sop_org",
        *_texts("id"),
        Column("seq", Integer(), autoincrement=False, nullable=False),
        Column("head", LargeBinary(), autoincrement=False, nullable=False),
        *_texts("at"),
        CheckConstraint("length(head) = 32", name=op.f("sop_org_head_length")),
        PrimaryKeyConstraint("id", name=op.f("sop_org_key")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Takes the tables away."""
    for name in ("sop_org", "sop_turn", "sop_delegation", "sop_absence", "sop_unit"):
        op.drop_table(name)
