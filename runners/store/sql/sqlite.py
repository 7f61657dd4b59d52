"""Statements for sqlite. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

HEAD: Final = "0004"
"""The schema that these statements belong to."""

STATEMENTS: Final[dict[str, str]] = {
    "opening": (
        "SELECT sop_schema.version_num, (SELECT sop_meta.value FROM sop_meta WHERE sop_meta.\"key\" = 'log') AS anon_1 "
        "FROM sop_schema"
    ),
    "meta_insert": (
        'INSERT INTO sop_meta ("key", value) VALUES (:key, :value)'
    ),
    "meta_upsert": (
        'INSERT INTO sop_meta ("key", value) VALUES (:key, :value) ON CONFLICT ("key") DO UPDATE SET value = '
        "excluded.value"
    ),
    "meta_by_key": (
        'SELECT sop_meta.value FROM sop_meta WHERE sop_meta."key" = :key'
    ),
    "run_by_id": (
        "SELECT sop_run.id, sop_run.seq, sop_run.head, sop_run.sop, sop_run.version, sop_run.fingerprint, "
        "sop_run.title, sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, "
        "sop_run.due_at, sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks, sop_run.state FROM "
        "sop_run WHERE sop_run.id = :id"
    ),
    "run_to_change": (
        "SELECT sop_run.id, sop_run.seq, sop_run.head, sop_run.sop, sop_run.version, sop_run.fingerprint, "
        "sop_run.title, sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, "
        "sop_run.due_at, sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks, sop_run.state FROM "
        "sop_run WHERE sop_run.id = :id"
    ),
    "run_insert": (
        "INSERT INTO sop_run (id, seq, head, sop, version, fingerprint, title, status, end_name, lead, started_at, "
        "started_by, due_at, closed_at, parent, drill, open_tasks, state) VALUES (:id, :seq, :head, :sop, :version, "
        ":fingerprint, :title, :status, :end_name, :lead, :started_at, :started_by, :due_at, :closed_at, :parent, "
        ":drill, :open_tasks, :state)"
    ),
    "run_step": (
        "UPDATE sop_run SET seq=:seq, head=:head, open_tasks=:open_tasks, state=:state WHERE sop_run.id = :id AND "
        "sop_run.seq = :expected"
    ),
    "run_update": (
        "UPDATE sop_run SET seq=:seq, head=:head, sop=:sop, version=:version, fingerprint=:fingerprint, title=:title,"
        " status=:status, end_name=:end_name, lead=:lead, due_at=:due_at, closed_at=:closed_at, "
        "open_tasks=:open_tasks, state=:state WHERE sop_run.id = :id AND sop_run.seq = :expected"
    ),
    "runs_open": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        " NULL AND (sop_run.started_at, sop_run.id) < (:before_at, :before_id) AND sop_run.sop = coalesce(:sop, "
        "sop_run.sop) AND sop_run.lead = coalesce(:lead, sop_run.lead) ORDER BY sop_run.started_at DESC, sop_run.id "
        "DESC LIMIT :limit"
    ),
    "runs_closed": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        " NOT NULL AND (sop_run.started_at, sop_run.id) < (:before_at, :before_id) AND sop_run.sop = coalesce(:sop, "
        "sop_run.sop) AND sop_run.lead = coalesce(:lead, sop_run.lead) ORDER BY sop_run.started_at DESC, sop_run.id "
        "DESC LIMIT :limit"
    ),
    "runs_all": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE (sop_run.started_at,"
        " sop_run.id) < (:before_at, :before_id) AND sop_run.sop = coalesce(:sop, sop_run.sop) AND sop_run.lead = "
        "coalesce(:lead, sop_run.lead) ORDER BY sop_run.started_at DESC, sop_run.id DESC LIMIT :limit"
    ),
    "runs_overdue": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        " NULL AND sop_run.due_at < :now AND (sop_run.due_at, sop_run.id) > (:after_due, :after_id) AND sop_run.sop ="
        " coalesce(:sop, sop_run.sop) AND sop_run.lead = coalesce(:lead, sop_run.lead) ORDER BY sop_run.due_at, "
        "sop_run.id LIMIT :limit"
    ),
    "runs_of_parent": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.parent = "
        ":parent ORDER BY sop_run.id"
    ),
    "counter_next": (
        "INSERT INTO sop_counter (prefix, next) VALUES (:prefix, 2) ON CONFLICT (prefix) DO UPDATE SET next = "
        "(sop_counter.next + 1) RETURNING next - 1 AS anon_1"
    ),
    "counters_all": (
        "SELECT sop_counter.prefix, sop_counter.next FROM sop_counter ORDER BY sop_counter.prefix"
    ),
    "task_upsert": (
        "INSERT INTO sop_task (run, no, step, label, kind, role, round, owner, offered, due_at, due_key, ready_at, "
        "closed_at, outcome) VALUES (:run, :no, :step, :label, :kind, :role, :round, :owner, :offered, :due_at, "
        ":due_key, :ready_at, :closed_at, :outcome) ON CONFLICT (run, no) DO UPDATE SET step = excluded.step, label ="
        " excluded.label, kind = excluded.kind, role = excluded.role, round = excluded.round, owner = excluded.owner,"
        " offered = excluded.offered, due_at = excluded.due_at, due_key = excluded.due_key, ready_at = "
        "excluded.ready_at, closed_at = excluded.closed_at, outcome = excluded.outcome"
    ),
    "tasks_of_run": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.offered, sop_task.due_at, sop_task.due_key, sop_task.ready_at, "
        "sop_task.closed_at, sop_task.outcome FROM sop_task WHERE sop_task.run = :run ORDER BY sop_task.no"
    ),
    "tasks_overdue": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, '' AS holder, sop_task.due_key FROM sop_task JOIN sop_run ON sop_run.id = "
        "sop_task.run WHERE sop_task.closed_at IS NULL AND sop_task.due_key < :now AND (sop_task.due_key, "
        "sop_task.run, sop_task.no) > (:after_due, :after_run, :after_no) ORDER BY sop_task.due_key, sop_task.run, "
        "sop_task.no LIMIT :limit"
    ),
    "inbox_owned": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, '' AS holder, sop_task.due_key FROM sop_task JOIN sop_run ON sop_run.id = "
        "sop_task.run WHERE sop_task.closed_at IS NULL AND sop_task.owner = :owner AND (sop_task.due_key, "
        "sop_task.run, sop_task.no) > (:after_due, :after_run, :after_no) ORDER BY sop_task.due_key, sop_task.run, "
        "sop_task.no LIMIT :limit"
    ),
    "inbox_offered": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, sop_offer.holder, sop_offer.due_key FROM sop_offer JOIN sop_run ON sop_run.id ="
        " sop_offer.run JOIN sop_task ON sop_task.run = sop_offer.run AND sop_task.no = sop_offer.no WHERE "
        "sop_offer.holder = :holder AND (sop_offer.due_key, sop_offer.run, sop_offer.no) > (:after_due, :after_run, "
        ":after_no) ORDER BY sop_offer.due_key, sop_offer.run, sop_offer.no LIMIT :limit"
    ),
    "offers_of_run": (
        "SELECT sop_offer.holder, sop_offer.due_key, sop_offer.no FROM sop_offer WHERE sop_offer.run = :run"
    ),
    "offer_insert": (
        "INSERT INTO sop_offer (holder, due_key, run, no) VALUES (:holder, :due_key, :run, :no)"
    ),
    "offer_delete": (
        "DELETE FROM sop_offer WHERE sop_offer.run = :run AND sop_offer.no = :no"
    ),
    "history_insert": (
        "INSERT INTO sop_history (run, seq, record, hash) VALUES (:run, :seq, :record, :hash)"
    ),
    "history_of_run": (
        "SELECT sop_history.run, sop_history.seq, sop_history.record, sop_history.hash FROM sop_history WHERE "
        "sop_history.run = :run AND sop_history.seq > :after AND sop_history.seq <= :upto ORDER BY sop_history.seq "
        "LIMIT :limit"
    ),
    "history_without_run": (
        "SELECT sop_history.run FROM sop_history WHERE sop_history.run > :after AND sop_history.run != 'ORG' AND NOT "
        "(EXISTS (SELECT * FROM sop_run WHERE sop_run.id = sop_history.run)) ORDER BY sop_history.run LIMIT :limit"
    ),
    "payload_insert": (
        "INSERT INTO sop_payload (run, current, path, seq, salt, body) VALUES (:run, :current, :path, :seq, :salt, "
        ":body)"
    ),
    "payload_retire": (
        "UPDATE sop_payload SET current=0 WHERE sop_payload.run = :run AND sop_payload.path = :path AND "
        "sop_payload.current = 1"
    ),
    "payloads_current": (
        "SELECT sop_payload.path, sop_payload.body FROM sop_payload WHERE sop_payload.run = :run AND "
        "sop_payload.current = 1 ORDER BY sop_payload.path"
    ),
    "payloads_of_scope": (
        "SELECT sop_payload.path, sop_payload.body FROM sop_payload WHERE sop_payload.run = :run AND "
        "sop_payload.current = 1 AND sop_payload.path >= :first AND sop_payload.path < :beyond ORDER BY "
        "sop_payload.path"
    ),
    "payloads_of_run": (
        "SELECT sop_payload.run, sop_payload.current, sop_payload.path, sop_payload.seq, sop_payload.salt, "
        "sop_payload.body FROM sop_payload WHERE sop_payload.run = :run AND sop_payload.seq <= :upto ORDER BY "
        "sop_payload.current, sop_payload.path, sop_payload.seq"
    ),
    "payload_erase": (
        "DELETE FROM sop_payload WHERE sop_payload.run = :run AND sop_payload.salt IN (SELECT same.salt FROM "
        "sop_payload AS same WHERE same.run = :run AND same.path = :path AND same.seq = :seq AND same.current IN (0, "
        "1))"
    ),
    "timer_upsert": (
        "INSERT INTO sop_timer (run, task, kind, n, fire_at, done_at) VALUES (:run, :task, :kind, :n, :fire_at, "
        ":done_at) ON CONFLICT (run, task, kind, n) DO UPDATE SET fire_at = excluded.fire_at, done_at = "
        "excluded.done_at"
    ),
    "timer_done": (
        "UPDATE sop_timer SET done_at=:done_at WHERE sop_timer.run = :run AND sop_timer.task = :task AND "
        "sop_timer.kind = :kind AND sop_timer.n = :n AND sop_timer.done_at IS NULL"
    ),
    "timers_due": (
        "SELECT sop_timer.run, sop_timer.task, sop_timer.kind, sop_timer.n, sop_timer.fire_at, sop_timer.done_at FROM"
        " sop_timer WHERE sop_timer.done_at IS NULL AND sop_timer.fire_at <= :now AND (sop_timer.fire_at, "
        "sop_timer.run, sop_timer.task) > (:after_at, :after_run, :after_task) ORDER BY sop_timer.fire_at, "
        "sop_timer.run, sop_timer.task LIMIT :limit"
    ),
    "timers_of_run": (
        "SELECT sop_timer.run, sop_timer.task, sop_timer.kind, sop_timer.n, sop_timer.fire_at, sop_timer.done_at FROM"
        " sop_timer WHERE sop_timer.run = :run ORDER BY sop_timer.task, sop_timer.kind, sop_timer.n"
    ),
    "outbox_insert": (
        "INSERT INTO sop_outbox (id, run, seq, kind, body, created_at, done_at) VALUES (:id, :run, :seq, :kind, "
        ":body, :created_at, :done_at)"
    ),
    "outbox_done": (
        "UPDATE sop_outbox SET done_at=:done_at WHERE sop_outbox.id = :id AND sop_outbox.done_at IS NULL"
    ),
    "outbox_due": (
        "SELECT sop_outbox.id, sop_outbox.run, sop_outbox.seq, sop_outbox.kind, sop_outbox.body, "
        "sop_outbox.created_at, sop_outbox.done_at FROM sop_outbox WHERE sop_outbox.done_at IS NULL ORDER BY "
        "sop_outbox.created_at, sop_outbox.id LIMIT :limit"
    ),
    "request_insert": (
        'INSERT INTO sop_request ("key", digest, run, seq, at) VALUES (:key, :digest, :run, :seq, :at)'
    ),
    "request_by_key": (
        'SELECT sop_request."key", sop_request.digest, sop_request.run, sop_request.seq, sop_request.at FROM '
        'sop_request WHERE sop_request."key" = :key'
    ),
    "evidence_insert": (
        "INSERT INTO sop_evidence (sha256, size, media, added_at) VALUES (:sha256, :size, :media, :added_at) ON "
        "CONFLICT DO NOTHING"
    ),
    "evidence_by_sha256": (
        "SELECT sop_evidence.sha256, sop_evidence.size, sop_evidence.media, sop_evidence.added_at FROM sop_evidence "
        "WHERE sop_evidence.sha256 = :sha256"
    ),
    "definition_insert": (
        "INSERT INTO sop_definition (fingerprint, sop, version, source, document, added_at, added_by, why, "
        "retired_at, retired_by, retired_why) VALUES (:fingerprint, :sop, :version, :source, :document, :added_at, "
        ":added_by, :why, :retired_at, :retired_by, :retired_why)"
    ),
    "definition_retire": (
        "UPDATE sop_definition SET retired_at=:retired_at, retired_by=:retired_by, retired_why=:retired_why WHERE "
        "sop_definition.fingerprint = :fingerprint"
    ),
    "definition_publish": (
        "UPDATE sop_definition SET added_by=:added_by, why=:why WHERE sop_definition.fingerprint = :fingerprint AND "
        "sop_definition.why IS NULL"
    ),
    "definition_by_fingerprint": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.source, "
        "sop_definition.document, sop_definition.added_at, sop_definition.added_by, sop_definition.why, "
        "sop_definition.retired_at, sop_definition.retired_by, sop_definition.retired_why FROM sop_definition WHERE "
        "sop_definition.fingerprint = :fingerprint"
    ),
    "definitions_of_sop": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.added_at, "
        "sop_definition.added_by, sop_definition.why, sop_definition.retired_at, sop_definition.retired_by, "
        "sop_definition.retired_why FROM sop_definition WHERE sop_definition.sop = :sop ORDER BY "
        "sop_definition.version"
    ),
    "definitions_all": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.added_at, "
        "sop_definition.added_by, sop_definition.why, sop_definition.retired_at, sop_definition.retired_by, "
        "sop_definition.retired_why FROM sop_definition ORDER BY sop_definition.sop, sop_definition.version"
    ),
    "library_upsert": (
        "INSERT INTO sop_library (path, size, mtime_ns, digest, fingerprint) VALUES (:path, :size, :mtime_ns, "
        ":digest, :fingerprint) ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, "
        "digest = excluded.digest, fingerprint = excluded.fingerprint"
    ),
    "library_delete": (
        "DELETE FROM sop_library WHERE sop_library.path = :path"
    ),
    "library_all": (
        "SELECT sop_library.path, sop_library.size, sop_library.mtime_ns, sop_library.digest, sop_library.fingerprint"
        " FROM sop_library ORDER BY sop_library.path"
    ),
    "calendar_insert": (
        "INSERT INTO sop_calendar (digest, body) VALUES (:digest, :body)"
    ),
    "calendar_by_digest": (
        "SELECT sop_calendar.digest, sop_calendar.body FROM sop_calendar WHERE sop_calendar.digest = :digest"
    ),
    "person_upsert": (
        "INSERT INTO sop_person (id, handle, name, email, roles, active, more, human, linked) VALUES (:id, :handle, "
        ":name, :email, :roles, :active, :more, :human, :linked) ON CONFLICT (id) DO UPDATE SET handle = "
        "excluded.handle, name = excluded.name, email = excluded.email, roles = excluded.roles, active = "
        "excluded.active, more = excluded.more, human = excluded.human, linked = excluded.linked"
    ),
    "person_by_id": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person WHERE sop_person.id "
        "= :id"
    ),
    "person_by_handle": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person WHERE "
        "sop_person.handle = :handle"
    ),
    "people_all": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person ORDER BY "
        "sop_person.handle"
    ),
    "team_upsert": (
        "INSERT INTO sop_team (id, name, more) VALUES (:id, :name, :more) ON CONFLICT (id) DO UPDATE SET name = "
        "excluded.name, more = excluded.more"
    ),
    "team_by_id": (
        "SELECT sop_team.id, sop_team.name, sop_team.more FROM sop_team WHERE sop_team.id = :id"
    ),
    "teams_all": (
        "SELECT sop_team.id, sop_team.name, sop_team.more FROM sop_team ORDER BY sop_team.id"
    ),
    "teams_of_person": (
        "SELECT sop_member.team FROM sop_member WHERE sop_member.person = :person ORDER BY sop_member.team"
    ),
    "members_all": (
        "SELECT sop_member.team, sop_member.person FROM sop_member ORDER BY sop_member.team, sop_member.person"
    ),
    "members_of_team": (
        "SELECT sop_member.person FROM sop_member WHERE sop_member.team = :team ORDER BY sop_member.person"
    ),
    "members_delete": (
        "DELETE FROM sop_member WHERE sop_member.team = :team"
    ),
    "member_insert": (
        "INSERT INTO sop_member (team, person) VALUES (:team, :person)"
    ),
    "accounts_of_human": (
        "SELECT sop_person.id FROM sop_person WHERE sop_person.human = :human AND sop_person.human != ''"
    ),
    "person_linked": (
        "UPDATE sop_person SET linked=1 WHERE sop_person.id = :id"
    ),
    "people_like": (
        "SELECT sop_person.more FROM sop_person WHERE sop_person.active = 1 AND sop_person.more LIKE :part"
    ),
    "unit_upsert": (
        "INSERT INTO sop_unit (id, name, parent, lead, model) VALUES (:id, :name, :parent, :lead, :model) ON CONFLICT"
        " (id) DO UPDATE SET name = excluded.name, parent = excluded.parent, lead = excluded.lead, model = "
        "excluded.model"
    ),
    "units_all": (
        "SELECT sop_unit.id, sop_unit.name, sop_unit.parent, sop_unit.lead, sop_unit.model FROM sop_unit ORDER BY "
        "sop_unit.id"
    ),
    "absence_upsert": (
        "INSERT INTO sop_absence (person, from_at, until_at, deputy) VALUES (:person, :from_at, :until_at, :deputy) "
        "ON CONFLICT (person, from_at) DO UPDATE SET until_at = excluded.until_at, deputy = excluded.deputy"
    ),
    "absences_all": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        "ORDER BY sop_absence.person, sop_absence.from_at"
    ),
    "absences_for": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        "WHERE sop_absence.deputy = :deputy AND sop_absence.from_at <= :now AND sop_absence.until_at > :now"
    ),
    "absences_of": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        "WHERE sop_absence.person = :person AND sop_absence.from_at <= :now AND sop_absence.until_at > :now ORDER BY "
        "sop_absence.from_at"
    ),
    "delegation_upsert": (
        "INSERT INTO sop_delegation (giver, role, receiver, from_at, until_at) VALUES (:giver, :role, :receiver, "
        ":from_at, :until_at) ON CONFLICT (giver, role, receiver, from_at) DO UPDATE SET until_at = excluded.until_at"
    ),
    "delegations_all": (
        "SELECT sop_delegation.giver, sop_delegation.role, sop_delegation.receiver, sop_delegation.from_at, "
        "sop_delegation.until_at FROM sop_delegation ORDER BY sop_delegation.giver, sop_delegation.role, "
        "sop_delegation.receiver, sop_delegation.from_at"
    ),
    "delegations_to": (
        "SELECT sop_delegation.giver, sop_delegation.role, sop_delegation.receiver, sop_delegation.from_at, "
        "sop_delegation.until_at FROM sop_delegation WHERE sop_delegation.receiver = :receiver AND "
        "sop_delegation.from_at <= :now AND sop_delegation.until_at > :now"
    ),
    "turn_upsert": (
        "INSERT INTO sop_turn (place, person, last) VALUES (:place, :person, :last) ON CONFLICT (place, person) DO "
        "UPDATE SET last = excluded.last"
    ),
    "turns_of_place": (
        "SELECT sop_turn.person, sop_turn.last FROM sop_turn WHERE sop_turn.place = :place ORDER BY sop_turn.person"
    ),
    "load_of_person": (
        "SELECT count(*) AS count_1 FROM sop_task WHERE sop_task.closed_at IS NULL AND sop_task.owner = :owner"
    ),
    "org_upsert": (
        "INSERT INTO sop_org (id, seq, head, at) VALUES (:id, :seq, :head, :at) ON CONFLICT (id) DO UPDATE SET seq = "
        "excluded.seq, head = excluded.head, at = excluded.at"
    ),
    "org_now": (
        "SELECT sop_org.id, sop_org.seq, sop_org.head, sop_org.at FROM sop_org WHERE sop_org.id = :id"
    ),
    "lock_by_name": (
        "SELECT sop_lock.name, sop_lock.run, sop_lock.label FROM sop_lock WHERE sop_lock.name = :name"
    ),
    "locks_of_run": (
        "SELECT sop_lock.name, sop_lock.run, sop_lock.label FROM sop_lock WHERE sop_lock.run = :run ORDER BY "
        "sop_lock.run, sop_lock.name"
    ),
    "lock_insert": (
        "INSERT INTO sop_lock (name, run, label) VALUES (:name, :run, :label)"
    ),
    "lock_delete": (
        "DELETE FROM sop_lock WHERE sop_lock.name = :name AND sop_lock.run = :run"
    ),
    "schedules_all": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule ORDER BY sop_schedule.sop, sop_schedule.id"
    ),
    "schedule_by_id": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.sop = :sop AND "
        "sop_schedule.id = :id"
    ),
    "schedule_upsert": (
        "INSERT INTO sop_schedule (sop, id, fingerprint, cron, zone, next_at, last_at, last_run, trouble, paused_at, "
        "set_by) VALUES (:sop, :id, :fingerprint, :cron, :zone, :next_at, :last_at, :last_run, :trouble, :paused_at, "
        ":set_by) ON CONFLICT (sop, id) DO UPDATE SET fingerprint = excluded.fingerprint, cron = excluded.cron, zone "
        "= excluded.zone, next_at = excluded.next_at, last_at = excluded.last_at, last_run = excluded.last_run, "
        "trouble = excluded.trouble, paused_at = excluded.paused_at, set_by = excluded.set_by"
    ),
    "schedules_due": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.next_at IS NOT NULL AND "
        "sop_schedule.next_at <= :now ORDER BY sop_schedule.next_at, sop_schedule.sop, sop_schedule.id LIMIT :limit"
    ),
    "schedule_to_start": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.sop = :sop AND "
        "sop_schedule.id = :id AND sop_schedule.next_at IS NOT NULL AND sop_schedule.next_at <= :now"
    ),
    "schedule_trouble": (
        "UPDATE sop_schedule SET trouble=:trouble WHERE sop_schedule.sop = :sop AND sop_schedule.id = :id AND "
        "sop_schedule.next_at = :expected"
    ),
    "runs_measured": (
        "SELECT sop_run.id, sop_run.sop, sop_run.fingerprint, sop_run.started_at, sop_run.state FROM sop_run WHERE "
        "(sop_run.started_at, sop_run.id) < (:before_at, :before_id) AND sop_run.sop = coalesce(:sop, sop_run.sop) "
        "AND sop_run.drill = 0 ORDER BY sop_run.started_at DESC, sop_run.id DESC LIMIT :limit"
    ),
    "values_measured": (
        "SELECT sop_payload.run, sop_payload.path, sop_payload.body FROM sop_run JOIN sop_payload ON sop_payload.run "
        "= sop_run.id WHERE (sop_run.started_at, sop_run.id) < (:before_at, :before_id) AND sop_run.sop = "
        "coalesce(:sop, sop_run.sop) AND sop_run.drill = 0 AND (sop_run.started_at, sop_run.id) >= (:last_at, "
        ":last_id) AND sop_payload.current = 1"
    ),
}
