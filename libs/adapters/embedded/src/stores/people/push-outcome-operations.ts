import { PUSH_RESULTS, type PushOutcome } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const COLUMNS = 'subject, user, device, result, provider, reason, attempts, at, node';
const INSERT = `INSERT OR IGNORE INTO push_outcomes (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const ONE = `SELECT ${COLUMNS} FROM push_outcomes WHERE subject = ? AND user = ? AND device = ?`;
const LIST = `SELECT ${COLUMNS} FROM push_outcomes WHERE subject = ? ORDER BY at, user, device`;
const TRIM = `DELETE FROM push_outcomes WHERE (subject, user, device) IN
  (SELECT subject, user, device FROM push_outcomes WHERE at < ? LIMIT ?)`;

function outcomeOf(row: Row): PushOutcome {
  const [subjectId, userId, deviceId, result, provider, reason, attempts, at, node] = row;
  return {
    subjectId,
    userId,
    deviceId,
    result: PUSH_RESULTS[result as number],
    provider,
    reason,
    attempts,
    at,
    node,
  } as PushOutcome;
}

function record(db: Database, outcome: PushOutcome): PushOutcome | null {
  const { subjectId, userId, deviceId, result, provider, reason, attempts, at, node } = outcome;
  const place = PUSH_RESULTS.indexOf(result);
  if (db.run(INSERT, subjectId, userId, deviceId, place, provider, reason, attempts, at, node) === 1) return null;
  return outcomeOf(db.get(ONE, subjectId, userId, deviceId) ?? []);
}

export function pushOutcomeOperations(db: Database): Handlers<OperationsOf<'pushOutcomes'>> {
  return {
    'pushOutcomes.record': (outcomes) => outcomes.map((outcome) => record(db, outcome)),
    'pushOutcomes.list': (subjectIds) => subjectIds.map((subjectId) => db.all(LIST, subjectId).map(outcomeOf)),
    'pushOutcomes.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
