"""Surveys: findings of earlier releases name no answer any more; their files are destroyed, their findings are kept.

Labels that were answers written out, and strata, had been told by their words.
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_TOLD = ("survey_label_unknown", "survey_single_psu", "survey_single_psu_choice")


def upgrade() -> None:
    table = sa.table(
        "submission",
        sa.column("id", sa.Integer),
        sa.column("dataset", sa.String),
        sa.column("findings", sa.LargeBinary),
    )
    held = op.get_bind()
    surveys = sa.select(table.c.id, table.c.findings).where(table.c.dataset == "survey", table.c.findings.is_not(None))
    for number, packed in held.execute(surveys).all():
        findings = json.loads(zlib.decompress(packed))
        if any(one["rule"] in _TOLD for one in findings):
            cleared = json.dumps([_without_answers(one) for one in findings], ensure_ascii=False).encode()
            held.execute(sa.update(table).where(table.c.id == number).values(findings=zlib.compress(cleared, 6)))


def _without_answers(finding: dict[str, object]) -> dict[str, object]:
    values = finding["values"]
    if finding["rule"] not in _TOLD or not isinstance(values, dict):
        return finding
    if finding["rule"] == "survey_label_unknown":
        return {**finding, "values": {**values, "labels": "…"}}
    return {**finding, "read": ""}
