import type { MomentId, MomentUpdate, UserId } from '@chasqui/domain';
import type { Told } from '@chasqui/ports';
import type { Answer, Statement, Transaction } from '../engine/index.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';

const LOCK = 'SELECT author_id, likers, comments FROM moments WHERE moment_id = ? FOR UPDATE';

/** A moment, locked until the transaction ends. */
export interface Locked {
  author: UserId;
  likers: number;
  comments: number;
}

/** Locks a moment, then reads it. Always before the author's inbox, so that no two transactions wait for each other. */
export async function lockMoment(
  transaction: Transaction,
  momentId: MomentId,
  read: Statement,
): Promise<{ moment: Locked | null; answer: Answer | undefined }> {
  const [locked, answer] = await transaction.query([{ sql: LOCK, values: [momentId] }, read]);
  const [row] = locked?.rows ?? [];
  if (row === undefined) return { moment: null, answer };
  const [author, likers, comments] = row as [UserId, number, number];
  return { moment: { author, likers, comments }, answer };
}

/** Returns the update's place in the author's log, and the statements that write it. */
export async function tell(
  transaction: Transaction,
  author: UserId,
  update: MomentUpdate,
  now: number,
): Promise<{ told: Told; writes: Statement[] }> {
  if (update.by === author) return { told: { author, position: null }, writes: [] };
  const { locked } = await lockHeads(transaction, [author]);
  const appender = new Appender(now);
  const position = appender.append(locked.get(author) as Head, updateEntry(update));
  return { told: { author, position }, writes: [...appender.statements(), saveHeads(locked.values())] };
}

/**
 * The announcement of an unanswered attempt that was committed after all; otherwise there is nothing new to announce.
 */
export async function toldBefore<T extends Told>(
  transaction: Transaction,
  author: UserId,
  update: MomentUpdate,
  earlier: T | null | undefined,
): Promise<Told> {
  const position = earlier?.position ?? null;
  const isOurs = position !== null && (await isEntry(transaction, { log: author, position, update }));
  return { author, position: isOurs ? position : null };
}
