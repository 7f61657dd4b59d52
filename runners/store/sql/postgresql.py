"""Statements for postgresql. Made by ``python -m runners.store.generate``; not to be edited."""

# fmt: off
from typing import Final

HEAD: Final = "0004"
"""The schema that these statements belong to."""

STATEMENTS: Final[dict[str, str]] = {
    "opening": (
        "SELECT sop_schema.version_num, (SELECT sop_meta.value FROM sop_meta WHERE sop_meta.key = 'log') AS anon_1 "
        "FROM sop_schema"
    ),
    "meta_insert": (
        'INSERT INTO sop_meta (key, value) VALUES (%(key)s::VARCHAR COLLATE "C", %(value)s::VARCHAR COLLATE "C")'
    ),
    "meta_upsert": (
        'INSERT INTO sop_meta (key, value) VALUES (%(key)s::VARCHAR COLLATE "C", %(value)s::VARCHAR COLLATE "C") ON '
        "CONFLICT (key) DO UPDATE SET value = excluded.value"
    ),
    "meta_by_key": (
        'SELECT sop_meta.value FROM sop_meta WHERE sop_meta.key = %(key)s::VARCHAR COLLATE "C"'
    ),
    "run_by_id": (
        "SELECT sop_run.id, sop_run.seq, sop_run.head, sop_run.sop, sop_run.version, sop_run.fingerprint, "
        "sop_run.title, sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, "
        "sop_run.due_at, sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks, sop_run.state FROM "
        'sop_run WHERE sop_run.id = %(id)s::VARCHAR COLLATE "C"'
    ),
    "run_to_change": (
        "SELECT sop_run.id, sop_run.seq, sop_run.head, sop_run.sop, sop_run.version, sop_run.fingerprint, "
        "sop_run.title, sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, "
        "sop_run.due_at, sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks, sop_run.state FROM "
        'sop_run WHERE sop_run.id = %(id)s::VARCHAR COLLATE "C" FOR UPDATE'
    ),
    "run_insert": (
        "INSERT INTO sop_run (id, seq, head, sop, version, fingerprint, title, status, end_name, lead, started_at, "
        'started_by, due_at, closed_at, parent, drill, open_tasks, state) VALUES (%(id)s::VARCHAR COLLATE "C", '
        '%(seq)s::INTEGER, %(head)s, %(sop)s::VARCHAR COLLATE "C", %(version)s::VARCHAR COLLATE "C", '
        '%(fingerprint)s::VARCHAR COLLATE "C", %(title)s::VARCHAR COLLATE "C", %(status)s::VARCHAR COLLATE "C", '
        '%(end_name)s::VARCHAR COLLATE "C", %(lead)s::VARCHAR COLLATE "C", %(started_at)s::VARCHAR COLLATE "C", '
        '%(started_by)s::VARCHAR COLLATE "C", %(due_at)s::VARCHAR COLLATE "C", %(closed_at)s::VARCHAR COLLATE "C", '
        '%(parent)s::VARCHAR COLLATE "C", %(drill)s::INTEGER, %(open_tasks)s::INTEGER, %(state)s)'
    ),
    "run_step": (
        "UPDATE sop_run SET seq=%(seq)s::INTEGER, head=%(head)s, open_tasks=%(open_tasks)s::INTEGER, state=%(state)s "
        'WHERE sop_run.id = %(id)s::VARCHAR COLLATE "C" AND sop_run.seq = %(expected)s::INTEGER'
    ),
    "run_update": (
        'UPDATE sop_run SET seq=%(seq)s::INTEGER, head=%(head)s, sop=%(sop)s::VARCHAR COLLATE "C", '
        'version=%(version)s::VARCHAR COLLATE "C", fingerprint=%(fingerprint)s::VARCHAR COLLATE "C", '
        'title=%(title)s::VARCHAR COLLATE "C", status=%(status)s::VARCHAR COLLATE "C", end_name=%(end_name)s::VARCHAR'
        ' COLLATE "C", lead=%(lead)s::VARCHAR COLLATE "C", due_at=%(due_at)s::VARCHAR COLLATE "C", '
        'closed_at=%(closed_at)s::VARCHAR COLLATE "C", open_tasks=%(open_tasks)s::INTEGER, state=%(state)s WHERE '
        'sop_run.id = %(id)s::VARCHAR COLLATE "C" AND sop_run.seq = %(expected)s::INTEGER'
    ),
    "runs_open": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        " NULL AND (sop_run.started_at, sop_run.id) < (%(before_at)s, %(before_id)s) AND sop_run.sop = "
        "coalesce(%(sop)s, sop_run.sop) AND sop_run.lead = coalesce(%(lead)s, sop_run.lead) ORDER BY "
        "sop_run.started_at DESC, sop_run.id DESC LIMIT %(limit)s"
    ),
    "runs_closed": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        " NOT NULL AND (sop_run.started_at, sop_run.id) < (%(before_at)s, %(before_id)s) AND sop_run.sop = "
        "coalesce(%(sop)s, sop_run.sop) AND sop_run.lead = coalesce(%(lead)s, sop_run.lead) ORDER BY "
        "sop_run.started_at DESC, sop_run.id DESC LIMIT %(limit)s"
    ),
    "runs_all": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE (sop_run.started_at,"
        " sop_run.id) < (%(before_at)s, %(before_id)s) AND sop_run.sop = coalesce(%(sop)s, sop_run.sop) AND "
        "sop_run.lead = coalesce(%(lead)s, sop_run.lead) ORDER BY sop_run.started_at DESC, sop_run.id DESC LIMIT "
        "%(limit)s"
    ),
    "runs_overdue": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.closed_at IS"
        ' NULL AND sop_run.due_at < %(now)s::VARCHAR COLLATE "C" AND (sop_run.due_at, sop_run.id) > (%(after_due)s, '
        "%(after_id)s) AND sop_run.sop = coalesce(%(sop)s, sop_run.sop) AND sop_run.lead = coalesce(%(lead)s, "
        "sop_run.lead) ORDER BY sop_run.due_at, sop_run.id LIMIT %(limit)s"
    ),
    "runs_of_parent": (
        "SELECT sop_run.id, sop_run.seq, sop_run.sop, sop_run.version, sop_run.fingerprint, sop_run.title, "
        "sop_run.status, sop_run.end_name, sop_run.lead, sop_run.started_at, sop_run.started_by, sop_run.due_at, "
        "sop_run.closed_at, sop_run.parent, sop_run.drill, sop_run.open_tasks FROM sop_run WHERE sop_run.parent = "
        '%(parent)s::VARCHAR COLLATE "C" ORDER BY sop_run.id'
    ),
    "counter_next": (
        'INSERT INTO sop_counter (prefix, next) VALUES (%(prefix)s::VARCHAR COLLATE "C", 2) ON CONFLICT (prefix) DO '
        "UPDATE SET next = (sop_counter.next + 1) RETURNING sop_counter.next - 1 AS anon_1"
    ),
    "counters_all": (
        "SELECT sop_counter.prefix, sop_counter.next FROM sop_counter ORDER BY sop_counter.prefix"
    ),
    "task_upsert": (
        "INSERT INTO sop_task (run, no, step, label, kind, role, round, owner, offered, due_at, due_key, ready_at, "
        'closed_at, outcome) VALUES (%(run)s::VARCHAR COLLATE "C", %(no)s::INTEGER, %(step)s::VARCHAR COLLATE "C", '
        '%(label)s::VARCHAR COLLATE "C", %(kind)s::VARCHAR COLLATE "C", %(role)s::VARCHAR COLLATE "C", '
        '%(round)s::INTEGER, %(owner)s::VARCHAR COLLATE "C", %(offered)s::VARCHAR COLLATE "C", %(due_at)s::VARCHAR '
        'COLLATE "C", %(due_key)s::VARCHAR COLLATE "C", %(ready_at)s::VARCHAR COLLATE "C", %(closed_at)s::VARCHAR '
        'COLLATE "C", %(outcome)s::VARCHAR COLLATE "C") ON CONFLICT (run, no) DO UPDATE SET step = excluded.step, '
        "label = excluded.label, kind = excluded.kind, role = excluded.role, round = excluded.round, owner = "
        "excluded.owner, offered = excluded.offered, due_at = excluded.due_at, due_key = excluded.due_key, ready_at ="
        " excluded.ready_at, closed_at = excluded.closed_at, outcome = excluded.outcome"
    ),
    "tasks_of_run": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.offered, sop_task.due_at, sop_task.due_key, sop_task.ready_at, "
        'sop_task.closed_at, sop_task.outcome FROM sop_task WHERE sop_task.run = %(run)s::VARCHAR COLLATE "C" ORDER '
        "BY sop_task.no"
    ),
    "tasks_overdue": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, '' AS holder, sop_task.due_key FROM sop_task JOIN sop_run ON sop_run.id = "
        'sop_task.run WHERE sop_task.closed_at IS NULL AND sop_task.due_key < %(now)s::VARCHAR COLLATE "C" AND '
        "(sop_task.due_key, sop_task.run, sop_task.no) > (%(after_due)s, %(after_run)s, %(after_no)s) ORDER BY "
        "sop_task.due_key, sop_task.run, sop_task.no LIMIT %(limit)s"
    ),
    "inbox_owned": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, '' AS holder, sop_task.due_key FROM sop_task JOIN sop_run ON sop_run.id = "
        'sop_task.run WHERE sop_task.closed_at IS NULL AND sop_task.owner = %(owner)s::VARCHAR COLLATE "C" AND '
        "(sop_task.due_key, sop_task.run, sop_task.no) > (%(after_due)s, %(after_run)s, %(after_no)s) ORDER BY "
        "sop_task.due_key, sop_task.run, sop_task.no LIMIT %(limit)s"
    ),
    "inbox_offered": (
        "SELECT sop_task.run, sop_task.no, sop_task.step, sop_task.label, sop_task.kind, sop_task.role, "
        "sop_task.round, sop_task.owner, sop_task.due_at, sop_task.ready_at, sop_run.sop, sop_run.title, "
        "sop_run.lead, sop_run.drill, sop_offer.holder, sop_offer.due_key FROM sop_offer JOIN sop_run ON sop_run.id ="
        " sop_offer.run JOIN sop_task ON sop_task.run = sop_offer.run AND sop_task.no = sop_offer.no WHERE "
        'sop_offer.holder = %(holder)s::VARCHAR COLLATE "C" AND (sop_offer.due_key, sop_offer.run, sop_offer.no) > '
        "(%(after_due)s, %(after_run)s, %(after_no)s) ORDER BY sop_offer.due_key, sop_offer.run, sop_offer.no LIMIT "
        "%(limit)s"
    ),
    "offers_of_run": (
        "SELECT sop_offer.holder, sop_offer.due_key, sop_offer.no FROM sop_offer WHERE sop_offer.run = "
        '%(run)s::VARCHAR COLLATE "C"'
    ),
    "offer_insert": (
        'INSERT INTO sop_offer (holder, due_key, run, no) VALUES (%(holder)s::VARCHAR COLLATE "C", '
        '%(due_key)s::VARCHAR COLLATE "C", %(run)s::VARCHAR COLLATE "C", %(no)s::INTEGER)'
    ),
    "offer_delete": (
        'DELETE FROM sop_offer WHERE sop_offer.run = %(run)s::VARCHAR COLLATE "C" AND sop_offer.no = %(no)s::INTEGER'
    ),
    "history_insert": (
        'INSERT INTO sop_history (run, seq, record, hash) VALUES (%(run)s::VARCHAR COLLATE "C", %(seq)s::INTEGER, '
        "%(record)s, %(hash)s)"
    ),
    "history_of_run": (
        "SELECT sop_history.run, sop_history.seq, sop_history.record, sop_history.hash FROM sop_history WHERE "
        'sop_history.run = %(run)s::VARCHAR COLLATE "C" AND sop_history.seq > %(after)s::INTEGER AND sop_history.seq '
        "<= %(upto)s::INTEGER ORDER BY sop_history.seq LIMIT %(limit)s"
    ),
    "history_without_run": (
        'SELECT sop_history.run FROM sop_history WHERE sop_history.run > %(after)s::VARCHAR COLLATE "C" AND '
        "sop_history.run != 'ORG' AND NOT (EXISTS (SELECT * FROM sop_run WHERE sop_run.id = sop_history.run)) ORDER "
        "BY sop_history.run LIMIT %(limit)s"
    ),
    "payload_insert": (
        'INSERT INTO sop_payload (run, current, path, seq, salt, body) VALUES (%(run)s::VARCHAR COLLATE "C", '
        '%(current)s::INTEGER, %(path)s::VARCHAR COLLATE "C", %(seq)s::INTEGER, %(salt)s, %(body)s)'
    ),
    "payload_retire": (
        'UPDATE sop_payload SET current=0 WHERE sop_payload.run = %(run)s::VARCHAR COLLATE "C" AND sop_payload.path ='
        ' %(path)s::VARCHAR COLLATE "C" AND sop_payload.current = 1'
    ),
    "payloads_current": (
        "SELECT sop_payload.path, sop_payload.body FROM sop_payload WHERE sop_payload.run = %(run)s::VARCHAR COLLATE "
        '"C" AND sop_payload.current = 1 ORDER BY sop_payload.path'
    ),
    "payloads_of_scope": (
        "SELECT sop_payload.path, sop_payload.body FROM sop_payload WHERE sop_payload.run = %(run)s::VARCHAR COLLATE "
        '"C" AND sop_payload.current = 1 AND sop_payload.path >= %(first)s::VARCHAR COLLATE "C" AND sop_payload.path '
        '< %(beyond)s::VARCHAR COLLATE "C" ORDER BY sop_payload.path'
    ),
    "payloads_of_run": (
        "SELECT sop_payload.run, sop_payload.current, sop_payload.path, sop_payload.seq, sop_payload.salt, "
        'sop_payload.body FROM sop_payload WHERE sop_payload.run = %(run)s::VARCHAR COLLATE "C" AND sop_payload.seq '
        "<= %(upto)s::INTEGER ORDER BY sop_payload.current, sop_payload.path, sop_payload.seq"
    ),
    "payload_erase": (
        'DELETE FROM sop_payload WHERE sop_payload.run = %(run)s::VARCHAR COLLATE "C" AND sop_payload.salt IN (SELECT'
        ' same.salt FROM sop_payload AS same WHERE same.run = %(run)s::VARCHAR COLLATE "C" AND same.path = '
        '%(path)s::VARCHAR COLLATE "C" AND same.seq = %(seq)s::INTEGER AND same.current IN (0, 1))'
    ),
    "timer_upsert": (
        'INSERT INTO sop_timer (run, task, kind, n, fire_at, done_at) VALUES (%(run)s::VARCHAR COLLATE "C", '
        '%(task)s::INTEGER, %(kind)s::VARCHAR COLLATE "C", %(n)s::INTEGER, %(fire_at)s::VARCHAR COLLATE "C", '
        '%(done_at)s::VARCHAR COLLATE "C") ON CONFLICT (run, task, kind, n) DO UPDATE SET fire_at = excluded.fire_at,'
        " done_at = excluded.done_at"
    ),
    "timer_done": (
        'UPDATE sop_timer SET done_at=%(done_at)s::VARCHAR COLLATE "C" WHERE sop_timer.run = %(run)s::VARCHAR COLLATE'
        ' "C" AND sop_timer.task = %(task)s::INTEGER AND sop_timer.kind = %(kind)s::VARCHAR COLLATE "C" AND '
        "sop_timer.n = %(n)s::INTEGER AND sop_timer.done_at IS NULL"
    ),
    "timers_due": (
        "SELECT sop_timer.run, sop_timer.task, sop_timer.kind, sop_timer.n, sop_timer.fire_at, sop_timer.done_at FROM"
        ' sop_timer WHERE sop_timer.done_at IS NULL AND sop_timer.fire_at <= %(now)s::VARCHAR COLLATE "C" AND '
        "(sop_timer.fire_at, sop_timer.run, sop_timer.task) > (%(after_at)s, %(after_run)s, %(after_task)s) ORDER BY "
        "sop_timer.fire_at, sop_timer.run, sop_timer.task LIMIT %(limit)s FOR UPDATE SKIP LOCKED"
    ),
    "timers_of_run": (
        "SELECT sop_timer.run, sop_timer.task, sop_timer.kind, sop_timer.n, sop_timer.fire_at, sop_timer.done_at FROM"
        ' sop_timer WHERE sop_timer.run = %(run)s::VARCHAR COLLATE "C" ORDER BY sop_timer.task, sop_timer.kind, '
        "sop_timer.n"
    ),
    "outbox_insert": (
        'INSERT INTO sop_outbox (id, run, seq, kind, body, created_at, done_at) VALUES (%(id)s::VARCHAR COLLATE "C", '
        '%(run)s::VARCHAR COLLATE "C", %(seq)s::INTEGER, %(kind)s::VARCHAR COLLATE "C", %(body)s, '
        '%(created_at)s::VARCHAR COLLATE "C", %(done_at)s::VARCHAR COLLATE "C")'
    ),
    "outbox_done": (
        'UPDATE sop_outbox SET done_at=%(done_at)s::VARCHAR COLLATE "C" WHERE sop_outbox.id = %(id)s::VARCHAR COLLATE'
        ' "C" AND sop_outbox.done_at IS NULL'
    ),
    "outbox_due": (
        "SELECT sop_outbox.id, sop_outbox.run, sop_outbox.seq, sop_outbox.kind, sop_outbox.body, "
        "sop_outbox.created_at, sop_outbox.done_at FROM sop_outbox WHERE sop_outbox.done_at IS NULL ORDER BY "
        "sop_outbox.created_at, sop_outbox.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED"
    ),
    "request_insert": (
        'INSERT INTO sop_request (key, digest, run, seq, at) VALUES (%(key)s::VARCHAR COLLATE "C", '
        '%(digest)s::VARCHAR COLLATE "C", %(run)s::VARCHAR COLLATE "C", %(seq)s::INTEGER, %(at)s::VARCHAR COLLATE '
        '"C")'
    ),
    "request_by_key": (
        "SELECT sop_request.key, sop_request.digest, sop_request.run, sop_request.seq, sop_request.at FROM "
        'sop_request WHERE sop_request.key = %(key)s::VARCHAR COLLATE "C"'
    ),
    "evidence_insert": (
        'INSERT INTO sop_evidence (sha256, size, media, added_at) VALUES (%(sha256)s::VARCHAR COLLATE "C", '
        '%(size)s::BIGINT, %(media)s::VARCHAR COLLATE "C", %(added_at)s::VARCHAR COLLATE "C") ON CONFLICT DO NOTHING'
    ),
    "evidence_by_sha256": (
        "SELECT sop_evidence.sha256, sop_evidence.size, sop_evidence.media, sop_evidence.added_at FROM sop_evidence "
        'WHERE sop_evidence.sha256 = %(sha256)s::VARCHAR COLLATE "C"'
    ),
    "definition_insert": (
        "INSERT INTO sop_definition (fingerprint, sop, version, source, document, added_at, added_by, why, "
        'retired_at, retired_by, retired_why) VALUES (%(fingerprint)s::VARCHAR COLLATE "C", %(sop)s::VARCHAR COLLATE '
        '"C", %(version)s::VARCHAR COLLATE "C", %(source)s, %(document)s, %(added_at)s::VARCHAR COLLATE "C", '
        '%(added_by)s::VARCHAR COLLATE "C", %(why)s::VARCHAR COLLATE "C", %(retired_at)s::VARCHAR COLLATE "C", '
        '%(retired_by)s::VARCHAR COLLATE "C", %(retired_why)s::VARCHAR COLLATE "C")'
    ),
    "definition_retire": (
        'UPDATE sop_definition SET retired_at=%(retired_at)s::VARCHAR COLLATE "C", retired_by=%(retired_by)s::VARCHAR'
        ' COLLATE "C", retired_why=%(retired_why)s::VARCHAR COLLATE "C" WHERE sop_definition.fingerprint = '
        '%(fingerprint)s::VARCHAR COLLATE "C"'
    ),
    "definition_publish": (
        'UPDATE sop_definition SET added_by=%(added_by)s::VARCHAR COLLATE "C", why=%(why)s::VARCHAR COLLATE "C" WHERE'
        ' sop_definition.fingerprint = %(fingerprint)s::VARCHAR COLLATE "C" AND sop_definition.why IS NULL'
    ),
    "definition_by_fingerprint": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.source, "
        "sop_definition.document, sop_definition.added_at, sop_definition.added_by, sop_definition.why, "
        "sop_definition.retired_at, sop_definition.retired_by, sop_definition.retired_why FROM sop_definition WHERE "
        'sop_definition.fingerprint = %(fingerprint)s::VARCHAR COLLATE "C"'
    ),
    "definitions_of_sop": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.added_at, "
        "sop_definition.added_by, sop_definition.why, sop_definition.retired_at, sop_definition.retired_by, "
        'sop_definition.retired_why FROM sop_definition WHERE sop_definition.sop = %(sop)s::VARCHAR COLLATE "C" ORDER'
        " BY sop_definition.version"
    ),
    "definitions_all": (
        "SELECT sop_definition.fingerprint, sop_definition.sop, sop_definition.version, sop_definition.added_at, "
        "sop_definition.added_by, sop_definition.why, sop_definition.retired_at, sop_definition.retired_by, "
        "sop_definition.retired_why FROM sop_definition ORDER BY sop_definition.sop, sop_definition.version"
    ),
    "library_upsert": (
        'INSERT INTO sop_library (path, size, mtime_ns, digest, fingerprint) VALUES (%(path)s::VARCHAR COLLATE "C", '
        '%(size)s::BIGINT, %(mtime_ns)s::BIGINT, %(digest)s::VARCHAR COLLATE "C", %(fingerprint)s::VARCHAR COLLATE '
        '"C") ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, digest = '
        "excluded.digest, fingerprint = excluded.fingerprint"
    ),
    "library_delete": (
        'DELETE FROM sop_library WHERE sop_library.path = %(path)s::VARCHAR COLLATE "C"'
    ),
    "library_all": (
        "SELECT sop_library.path, sop_library.size, sop_library.mtime_ns, sop_library.digest, sop_library.fingerprint"
        " FROM sop_library ORDER BY sop_library.path"
    ),
    "calendar_insert": (
        'INSERT INTO sop_calendar (digest, body) VALUES (%(digest)s::VARCHAR COLLATE "C", %(body)s)'
    ),
    "calendar_by_digest": (
        "SELECT sop_calendar.digest, sop_calendar.body FROM sop_calendar WHERE sop_calendar.digest = "
        '%(digest)s::VARCHAR COLLATE "C"'
    ),
    "person_upsert": (
        "INSERT INTO sop_person (id, handle, name, email, roles, active, more, human, linked) VALUES (%(id)s::VARCHAR"
        ' COLLATE "C", %(handle)s::VARCHAR COLLATE "C", %(name)s::VARCHAR COLLATE "C", %(email)s::VARCHAR COLLATE '
        '"C", %(roles)s::VARCHAR COLLATE "C", %(active)s::INTEGER, %(more)s::VARCHAR COLLATE "C", %(human)s::VARCHAR '
        'COLLATE "C", %(linked)s::INTEGER) ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, name = '
        "excluded.name, email = excluded.email, roles = excluded.roles, active = excluded.active, more = "
        "excluded.more, human = excluded.human, linked = excluded.linked"
    ),
    "person_by_id": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person WHERE sop_person.id "
        '= %(id)s::VARCHAR COLLATE "C"'
    ),
    "person_by_handle": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person WHERE "
        'sop_person.handle = %(handle)s::VARCHAR COLLATE "C"'
    ),
    "people_all": (
        "SELECT sop_person.id, sop_person.handle, sop_person.name, sop_person.email, sop_person.roles, "
        "sop_person.active, sop_person.more, sop_person.human, sop_person.linked FROM sop_person ORDER BY "
        "sop_person.handle"
    ),
    "team_upsert": (
        'INSERT INTO sop_team (id, name, more) VALUES (%(id)s::VARCHAR COLLATE "C", %(name)s::VARCHAR COLLATE "C", '
        '%(more)s::VARCHAR COLLATE "C") ON CONFLICT (id) DO UPDATE SET name = excluded.name, more = excluded.more'
    ),
    "team_by_id": (
        "SELECT sop_team.id, sop_team.name, sop_team.more FROM sop_team WHERE sop_team.id = %(id)s::VARCHAR COLLATE "
        '"C"'
    ),
    "teams_all": (
        "SELECT sop_team.id, sop_team.name, sop_team.more FROM sop_team ORDER BY sop_team.id"
    ),
    "teams_of_person": (
        'SELECT sop_member.team FROM sop_member WHERE sop_member.person = %(person)s::VARCHAR COLLATE "C" ORDER BY '
        "sop_member.team"
    ),
    "members_all": (
        "SELECT sop_member.team, sop_member.person FROM sop_member ORDER BY sop_member.team, sop_member.person"
    ),
    "members_of_team": (
        'SELECT sop_member.person FROM sop_member WHERE sop_member.team = %(team)s::VARCHAR COLLATE "C" ORDER BY '
        "sop_member.person"
    ),
    "members_delete": (
        'DELETE FROM sop_member WHERE sop_member.team = %(team)s::VARCHAR COLLATE "C"'
    ),
    "member_insert": (
        'INSERT INTO sop_member (team, person) VALUES (%(team)s::VARCHAR COLLATE "C", %(person)s::VARCHAR COLLATE '
        '"C")'
    ),
    "accounts_of_human": (
        'SELECT sop_person.id FROM sop_person WHERE sop_person.human = %(human)s::VARCHAR COLLATE "C" AND '
        "sop_person.human != ''"
    ),
    "person_linked": (
        'UPDATE sop_person SET linked=1 WHERE sop_person.id = %(id)s::VARCHAR COLLATE "C"'
    ),
    "people_like": (
        "SELECT sop_person.more FROM sop_person WHERE sop_person.active = 1 AND sop_person.more LIKE "
        '%(part)s::VARCHAR COLLATE "C"'
    ),
    "unit_upsert": (
        'INSERT INTO sop_unit (id, name, parent, lead, model) VALUES (%(id)s::VARCHAR COLLATE "C", %(name)s::VARCHAR '
        'COLLATE "C", %(parent)s::VARCHAR COLLATE "C", %(lead)s::VARCHAR COLLATE "C", %(model)s::VARCHAR COLLATE "C")'
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent = excluded.parent, lead = excluded.lead, model "
        "= excluded.model"
    ),
    "units_all": (
        "SELECT sop_unit.id, sop_unit.name, sop_unit.parent, sop_unit.lead, sop_unit.model FROM sop_unit ORDER BY "
        "sop_unit.id"
    ),
    "absence_upsert": (
        'INSERT INTO sop_absence (person, from_at, until_at, deputy) VALUES (%(person)s::VARCHAR COLLATE "C", '
        '%(from_at)s::VARCHAR COLLATE "C", %(until_at)s::VARCHAR COLLATE "C", %(deputy)s::VARCHAR COLLATE "C") ON '
        "CONFLICT (person, from_at) DO UPDATE SET until_at = excluded.until_at, deputy = excluded.deputy"
    ),
    "absences_all": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        "ORDER BY sop_absence.person, sop_absence.from_at"
    ),
    "absences_for": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        'WHERE sop_absence.deputy = %(deputy)s::VARCHAR COLLATE "C" AND sop_absence.from_at <= %(now)s::VARCHAR '
        'COLLATE "C" AND sop_absence.until_at > %(now)s::VARCHAR COLLATE "C"'
    ),
    "absences_of": (
        "SELECT sop_absence.person, sop_absence.from_at, sop_absence.until_at, sop_absence.deputy FROM sop_absence "
        'WHERE sop_absence.person = %(person)s::VARCHAR COLLATE "C" AND sop_absence.from_at <= %(now)s::VARCHAR '
        'COLLATE "C" AND sop_absence.until_at > %(now)s::VARCHAR COLLATE "C" ORDER BY sop_absence.from_at'
    ),
    "delegation_upsert": (
        "INSERT INTO sop_delegation (giver, role, receiver, from_at, until_at) VALUES (%(giver)s::VARCHAR COLLATE "
        '"C", %(role)s::VARCHAR COLLATE "C", %(receiver)s::VARCHAR COLLATE "C", %(from_at)s::VARCHAR COLLATE "C", '
        '%(until_at)s::VARCHAR COLLATE "C") ON CONFLICT (giver, role, receiver, from_at) DO UPDATE SET until_at = '
        "excluded.until_at"
    ),
    "delegations_all": (
        "SELECT sop_delegation.giver, sop_delegation.role, sop_delegation.receiver, sop_delegation.from_at, "
        "sop_delegation.until_at FROM sop_delegation ORDER BY sop_delegation.giver, sop_delegation.role, "
        "sop_delegation.receiver, sop_delegation.from_at"
    ),
    "delegations_to": (
        "SELECT sop_delegation.giver, sop_delegation.role, sop_delegation.receiver, sop_delegation.from_at, "
        "sop_delegation.until_at FROM sop_delegation WHERE sop_delegation.receiver = %(receiver)s::VARCHAR COLLATE "
        '"C" AND sop_delegation.from_at <= %(now)s::VARCHAR COLLATE "C" AND sop_delegation.until_at > '
        '%(now)s::VARCHAR COLLATE "C"'
    ),
    "turn_upsert": (
        'INSERT INTO sop_turn (place, person, last) VALUES (%(place)s::VARCHAR COLLATE "C", %(person)s::VARCHAR '
        'COLLATE "C", %(last)s::INTEGER) ON CONFLICT (place, person) DO UPDATE SET last = excluded.last'
    ),
    "turns_of_place": (
        'SELECT sop_turn.person, sop_turn.last FROM sop_turn WHERE sop_turn.place = %(place)s::VARCHAR COLLATE "C" '
        "ORDER BY sop_turn.person"
    ),
    "load_of_person": (
        "SELECT count(*) AS count_1 FROM sop_task WHERE sop_task.closed_at IS NULL AND sop_task.owner = "
        '%(owner)s::VARCHAR COLLATE "C"'
    ),
    "org_upsert": (
        'INSERT INTO sop_org (id, seq, head, at) VALUES (%(id)s::VARCHAR COLLATE "C", %(seq)s::INTEGER, %(head)s, '
        '%(at)s::VARCHAR COLLATE "C") ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, head = excluded.head, at = '
        "excluded.at"
    ),
    "org_now": (
        "SELECT sop_org.id, sop_org.seq, sop_org.head, sop_org.at FROM sop_org WHERE sop_org.id = %(id)s::VARCHAR "
        'COLLATE "C"'
    ),
    "lock_by_name": (
        "SELECT sop_lock.name, sop_lock.run, sop_lock.label FROM sop_lock WHERE sop_lock.name = %(name)s::VARCHAR "
        'COLLATE "C"'
    ),
    "locks_of_run": (
        "SELECT sop_lock.name, sop_lock.run, sop_lock.label FROM sop_lock WHERE sop_lock.run = %(run)s::VARCHAR "
        'COLLATE "C" ORDER BY sop_lock.run, sop_lock.name'
    ),
    "lock_insert": (
        'INSERT INTO sop_lock (name, run, label) VALUES (%(name)s::VARCHAR COLLATE "C", %(run)s::VARCHAR COLLATE "C",'
        ' %(label)s::VARCHAR COLLATE "C")'
    ),
    "lock_delete": (
        'DELETE FROM sop_lock WHERE sop_lock.name = %(name)s::VARCHAR COLLATE "C" AND sop_lock.run = %(run)s::VARCHAR'
        ' COLLATE "C"'
    ),
    "schedules_all": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule ORDER BY sop_schedule.sop, sop_schedule.id"
    ),
    "schedule_by_id": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.sop = %(sop)s::VARCHAR "
        'COLLATE "C" AND sop_schedule.id = %(id)s::VARCHAR COLLATE "C"'
    ),
    "schedule_upsert": (
        "INSERT INTO sop_schedule (sop, id, fingerprint, cron, zone, next_at, last_at, last_run, trouble, paused_at, "
        'set_by) VALUES (%(sop)s::VARCHAR COLLATE "C", %(id)s::VARCHAR COLLATE "C", %(fingerprint)s::VARCHAR COLLATE '
        '"C", %(cron)s::VARCHAR COLLATE "C", %(zone)s::VARCHAR COLLATE "C", %(next_at)s::VARCHAR COLLATE "C", '
        '%(last_at)s::VARCHAR COLLATE "C", %(last_run)s::VARCHAR COLLATE "C", %(trouble)s::VARCHAR COLLATE "C", '
        '%(paused_at)s::VARCHAR COLLATE "C", %(set_by)s::VARCHAR COLLATE "C") ON CONFLICT (sop, id) DO UPDATE SET '
        "fingerprint = excluded.fingerprint, cron = excluded.cron, zone = excluded.zone, next_at = excluded.next_at, "
        "last_at = excluded.last_at, last_run = excluded.last_run, trouble = excluded.trouble, paused_at = "
        "excluded.paused_at, set_by = excluded.set_by"
    ),
    "schedules_due": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.next_at IS NOT NULL AND "
        'sop_schedule.next_at <= %(now)s::VARCHAR COLLATE "C" ORDER BY sop_schedule.next_at, sop_schedule.sop, '
        "sop_schedule.id LIMIT %(limit)s"
    ),
    "schedule_to_start": (
        "SELECT sop_schedule.sop, sop_schedule.id, sop_schedule.fingerprint, sop_schedule.cron, sop_schedule.zone, "
        "sop_schedule.next_at, sop_schedule.last_at, sop_schedule.last_run, sop_schedule.trouble, "
        "sop_schedule.paused_at, sop_schedule.set_by FROM sop_schedule WHERE sop_schedule.sop = %(sop)s::VARCHAR "
        'COLLATE "C" AND sop_schedule.id = %(id)s::VARCHAR COLLATE "C" AND sop_schedule.next_at IS NOT NULL AND '
        'sop_schedule.next_at <= %(now)s::VARCHAR COLLATE "C" FOR UPDATE SKIP LOCKED'
    ),
    "schedule_trouble": (
        'UPDATE sop_schedule SET trouble=%(trouble)s::VARCHAR COLLATE "C" WHERE sop_schedule.sop = %(sop)s::VARCHAR '
        'COLLATE "C" AND sop_schedule.id = %(id)s::VARCHAR COLLATE "C" AND sop_schedule.next_at = '
        '%(expected)s::VARCHAR COLLATE "C"'
    ),
    "runs_measured": (
        "SELECT sop_run.id, sop_run.sop, sop_run.fingerprint, sop_run.started_at, sop_run.state FROM sop_run WHERE "
        "(sop_run.started_at, sop_run.id) < (%(before_at)s, %(before_id)s) AND sop_run.sop = coalesce(%(sop)s, "
        "sop_run.sop) AND sop_run.drill = 0 ORDER BY sop_run.started_at DESC, sop_run.id DESC LIMIT %(limit)s"
    ),
    "values_measured": (
        "SELECT sop_payload.run, sop_payload.path, sop_payload.body FROM sop_run JOIN sop_payload ON sop_payload.run "
        "= sop_run.id WHERE (sop_run.started_at, sop_run.id) < (%(before_at)s, %(before_id)s) AND sop_run.sop = "
        "coalesce(%(sop)s, sop_run.sop) AND sop_run.drill = 0 AND (sop_run.started_at, sop_run.id) >= (%(last_at)s, "
        "%(last_id)s) AND sop_payload.current = 1"
    ),
}
