import type { PushOutcome } from '@chasqui/domain';
import type { PushOutcomes } from '@chasqui/ports';
import type { Answer, Database, Row, Statement } from '../engine/index.ts';

const COLUMNS = 'subject_id, user_id, device_id, result, provider, reason, attempts, at, node';
const INSERT = `INSERT INTO push_outcomes (${COLUMNS}) VALUES ?`;
const TRIM = 'DELETE FROM push_outcomes WHERE at < ? ORDER BY at LIMIT ?';

function select(subjectIds: Iterable<string>): Statement {
  const sql = `SELECT ${COLUMNS} FROM push_outcomes WHERE subject_id IN (?) ORDER BY at, user_id, device_id`;
  return { sql, values: [[...new Set(subjectIds)]] };
}

function outcomesOf(answer: Answer | undefined): PushOutcome[] {
  return (answer?.rows ?? []).map((row) => {
    const [subjectId, userId, deviceId, result, provider, reason, attempts, at, node] = row;
    return { subjectId, userId, deviceId, result, provider, reason, attempts, at, node } as PushOutcome;
  });
}

function rowOf({ subjectId, userId, deviceId, result, provider, reason, attempts, at, node }: PushOutcome): Row {
  return [subjectId, userId, deviceId, result, provider, reason, attempts, at, node];
}

function keyOf({ subjectId, userId, deviceId }: PushOutcome): string {
  return `${subjectId} ${userId} ${deviceId}`;
}

/** If two calls record at once, one finds a key taken when it writes, and retries. */
function record(database: Database, outcomes: readonly PushOutcome[]): Promise<PushOutcome[]> {
  return database.transaction<PushOutcome[]>(async (transaction) => {
    const [found] = await transaction.query([select(outcomes.map(({ subjectId }) => subjectId))]);
    const kept = new Map(outcomesOf(found).map((one) => [keyOf(one), one]));
    const fresh = new Map<string, PushOutcome>();
    const result = outcomes.map((outcome) => {
      const key = keyOf(outcome);
      const first = kept.get(key) ?? fresh.get(key);
      if (first !== undefined) return first;
      fresh.set(key, outcome);
      return outcome;
    });
    // In key order, so that no two transactions wait for each other.
    const rows = [...fresh].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, outcome]) => rowOf(outcome));
    return { result, writes: rows.length === 0 ? [] : [{ sql: INSERT, values: [rows] }] };
  });
}

export function createPushOutcomes(database: Database): PushOutcomes {
  return {
    record: async (outcomes) => (outcomes.length === 0 ? [] : record(database, outcomes)),
    async list(subjectIds) {
      if (subjectIds.length === 0) return [];
      const outcomes = outcomesOf(await database.run(select(subjectIds)));
      return subjectIds.map((subjectId) => outcomes.filter((outcome) => outcome.subjectId === subjectId));
    },
    trim: async (olderThan, limit) => (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
