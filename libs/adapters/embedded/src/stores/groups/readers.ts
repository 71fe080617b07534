import type { Reader } from '@chasqui/ports';
import type { Row } from '../../sqlite/database.ts';
import type { StoreContext } from '../store-context.ts';
import { Who } from './tallies.ts';

/** Up to this many readers are found by their marks and then sorted; among more of them, a page is near by name. */
const FEW = 1_000;
const COLUMNS = 'name, user, read_at';
const WHERE = 'conversation = ?1 AND left_at = 0 AND read_id >= ?2 AND since_id < ?2 AND name > ?3';
const BY_MARK = `SELECT ${COLUMNS} FROM members INDEXED BY members_read WHERE ${WHERE} LIMIT ?4`;
const BY_NAME = `SELECT ${COLUMNS} FROM members NOT INDEXED WHERE ${WHERE} ORDER BY name LIMIT ?4`;

/** See `GroupStore.readers`. */
export function readersOf(
  { db, groups, tallies }: StoreContext,
  conversationId: string,
  messageId: string,
  after: string,
  limit: number,
): Reader[] {
  const state = groups.find(conversationId);
  if (state === undefined) return [];
  const few = db.all(BY_MARK, state.id, messageId, after, FEW);
  const isFew = few.length < FEW;
  // One more, as the sender is among them.
  const rows = isFew ? few.sort(byName) : db.all(BY_NAME, state.id, messageId, after, limit + 1);
  return rows
    .filter(([, user]) => !tallies.has(state.id, Who.own(user as number), messageId))
    .slice(0, limit)
    .map(([name, , at]) => ({ userId: name as string, at: at as number }));
}

function byName([a]: Row, [b]: Row): number {
  return (a as string) < (b as string) ? -1 : 1;
}
