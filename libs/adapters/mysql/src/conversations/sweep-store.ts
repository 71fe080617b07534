import type { SweepProgress, SweepStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';

const LOCK = 'SELECT owner, held_until, sweep_cursor, next_at FROM sweeps WHERE name = ? FOR UPDATE';
/** Without a row there is nothing to lock. */
const CREATE = `INSERT INTO sweeps (name, owner, held_until, sweep_cursor, next_at) VALUES (?, '', 0, NULL, 0)
  ON DUPLICATE KEY UPDATE name = VALUES(name)`;
const LEAD = 'UPDATE sweeps SET owner = ?, held_until = ? WHERE name = ?';
const SAVE = 'UPDATE sweeps SET sweep_cursor = ?, next_at = ? WHERE name = ?';

type Kept = [leader: string, heldUntil: number, cursor: string | null, nextAt: number];

export function createSweepStore(database: Database): SweepStore {
  return {
    lead: (sweep, owner, now, until) =>
      database.transaction<SweepProgress | null>(async (transaction) => {
        const [, answer] = await transaction.query([
          { sql: CREATE, values: [sweep] },
          { sql: LOCK, values: [sweep] },
        ]);
        const [leader, heldUntil, cursor, nextAt] = (answer?.rows[0] ?? ['', 0, null, 0]) as Kept;
        if (leader !== owner && heldUntil > now) return { result: null, writes: [] };
        return { result: { cursor, nextAt }, writes: [{ sql: LEAD, values: [owner, until, sweep] }] };
      }),
    save: (sweep, owner, { cursor, nextAt }) =>
      database.transaction<boolean>(async (transaction) => {
        const [answer] = await transaction.query([{ sql: LOCK, values: [sweep] }]);
        if (answer?.rows[0]?.[0] !== owner) return { result: false, writes: [] };
        return { result: true, writes: [{ sql: SAVE, values: [cursor, nextAt, sweep] }] };
      }),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
