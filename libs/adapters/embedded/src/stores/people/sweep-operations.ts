import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const GET = 'SELECT owner, held_until, cursor, next_at FROM sweeps WHERE name = ?';
const LEAD = `INSERT INTO sweeps VALUES (?, ?, ?, NULL, 0)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until`;
const SAVE = 'UPDATE sweeps SET cursor = ?, next_at = ? WHERE name = ? AND owner = ?';

export function sweepOperations(db: Database): Handlers<OperationsOf<'sweeps'>> {
  return {
    'sweeps.lead'([sweep, owner, now, until]) {
      const [leader, heldUntil, cursor, nextAt] = (db.get(GET, sweep) ?? [owner, 0, null, 0]) as Kept;
      if (leader !== owner && heldUntil > now) return null;
      db.run(LEAD, sweep, owner, until);
      return { cursor, nextAt };
    },
    'sweeps.save': ([sweep, owner, { cursor, nextAt }]) => db.run(SAVE, cursor, nextAt, sweep, owner) === 1,
  };
}

type Kept = [leader: string, heldUntil: number, cursor: string | null, nextAt: number];
