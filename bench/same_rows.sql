\set party random(1, 20000)
\set policy random(1, 20000)
BEGIN;
WITH p AS (
  SELECT id, insured_id, branch_id FROM general_policy ORDER BY id OFFSET 3 LIMIT 1
), claim AS (
  INSERT INTO general_claim (number, branch_id, branch_path, line, policy_id, reporter_id,
    reporter_relation, channel, stage, is_open, lost_at, reported_at, recorded_at, place, cause,
    story, injured, plate, phone, facts, estimate, flags, holder, holder_since, next_due_at,
    next_due_clause, next_due_started_at)
  SELECT 'PB' || left(md5(random()::text || clock_timestamp()::text), 20), p.branch_id,
    '/00/31/3101/', 'motor', p.id, p.insured_id, 'insured', 'app', 'estimated', true, now(), now(),
    now(), '春和路 118 号', 'collision', '起步时追尾前车。', false, '沪B00001', '',
    '{"others": "vehicle", "fault": "full", "proof": "agreement"}', '{"parts": []}', '{}',
    'insurer', now(), now(), '2.3-a', now() FROM p RETURNING id, number
), once AS (
  INSERT INTO kit_answer (actor, command, key, body_hash, answer, at)
  SELECT 'party/1', 'bench', number, md5(number) || md5(number), '{"number": 1}', now() FROM claim
), other AS (
  INSERT INTO general_party (kind, name, phone, id_type, id_sealed, id_digest, id_tail)
  SELECT 'person', '王五', '13911112222', 'resident_id', '', '', '' FROM claim RETURNING id
), exposure AS (
  INSERT INTO general_exposure (claim_id, position, product, edition, terms, thing, label, stage,
    sides, reserve_fen, agreed_fen, paid_fen)
  SELECT claim.id, n, 'own_damage', 'own_damage_2020', '{"sum_insured_fen": 15000000}',
    'own_vehicle', '沪B00001', 'estimated', '{}', 0, 0, 0 FROM claim, generate_series(1, 2) n
), material AS (
  INSERT INTO intake_material (claim_id, kind, state, reason, unlocks, checked_by)
  SELECT claim.id, 'paper' || n, 'wanted', '', '[1, 2]', '' FROM claim, generate_series(1, 5) n
), clocks AS (
  INSERT INTO general_clock (claim_id, clause, edition, started_at, due_at, warn_at, void, pauses)
  SELECT claim.id, 'c' || n, '2025', now(), now(), now(), false, '[]'
  FROM claim, generate_series(1, 4) n
), entry AS (
  INSERT INTO kit_entry
    (subject, number, verb, clause, actor, occurred_at, recorded_at, facts, line, hash)
  SELECT 'claim/' || number, 1, 'bench.same_rows', '2.1-a', 'party/1', now(), now(),
    '{"channel": "app", "policy": true, "covered": true}', repeat(number, 30),
    encode(sha256(convert_to(repeat(number, 30), 'UTF8')), 'hex') FROM claim
  RETURNING subject, hash
)
INSERT INTO kit_chain (subject, number, head) SELECT subject, 1, hash FROM entry;
COMMIT;
