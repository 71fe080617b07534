import {
  applyReactions,
  decodeReactions,
  decodeReactor,
  encodeReactions,
  encodeReactor,
  isChanged,
  type KeptReactor,
  type MessageId,
  NO_REACTIONS,
  type ReactionUpdate,
  type Reactor,
  type SeenReactions,
  type UserId,
} from '@chasqui/domain';
import {
  MAX_REACTORS_READ,
  type MessageKey,
  type OwnReactions,
  type ReactionsToRecord,
  type RecordedReactions,
} from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';

/** The store worker's operations for reactions: the port's methods, by name. */
export type ReactionOperations = {
  'reactions.react'(args: ReactionsToRecord): RecordedReactions | null;
  /** User, then repeated pairs: conversation id, message id. */
  'reactions.seen'(args: string[]): (SeenReactions | null)[];
  'reactions.reactors'(args: [key: MessageKey, emoji: string, after: UserId, limit: number]): {
    reactors: Reactor[];
    next: UserId | null;
  };
  'reactions.of'(args: [userId: UserId, after: MessageKey | null, limit: number]): OwnReactions[];
};

/** The row with the reactions of the message; users are numbered from 1. */
const ALL = 0;

const LATER = 'SELECT 1 FROM actions WHERE conversation = ? AND message_id = ? AND revision > ?';
const GET = 'SELECT body FROM reactions WHERE conversation = ? AND message_id = ? AND user = ?';
const PUT = 'INSERT OR REPLACE INTO reactions VALUES (?, ?, ?, ?)';
const DELETE = 'DELETE FROM reactions WHERE conversation = ? AND message_id = ? AND user = ?';
const DROP = 'DELETE FROM reactions WHERE conversation = ? AND message_id = ?';
const ANY = 'SELECT 1 FROM reactions WHERE conversation = ? LIMIT 1';
const SOME = `SELECT user, body FROM reactions WHERE conversation = ? AND message_id = ? AND user > ?
  ORDER BY user LIMIT ?`;
const OWN = `SELECT conversation, message_id, body FROM reactions
  WHERE user = ? AND (conversation, message_id) > (?, ?) ORDER BY conversation, message_id LIMIT ?`;

/** Reads that find rows without users' emojis go on; so many a time. */
const OWN_ROWS = 500;

/** A message without its content has no reactions. */
export function dropReactions(db: Database, conversation: number, messageId: MessageId): void {
  if (db.get(GET, conversation, messageId, ALL) !== undefined) db.run(DROP, conversation, messageId);
}

/** See `ReactionStore`. */
export function reactionOperations(store: StoreContext): Handlers<ReactionOperations> {
  const { db, users, conversations } = store;
  return {
    'reactions.react': (given, now) => react(store, given, now),
    'reactions.seen': ([userId = '', ...pairs]) => seen(store, userId, pairs),
    'reactions.reactors'([{ conversationId, messageId }, emoji, after, limit]) {
      const conversation = conversations.find(conversationId);
      const from = after === '' ? ALL : users.find(after)?.id;
      if (conversation === undefined || from === undefined) return { reactors: [], next: null };
      const reactors: Reactor[] = [];
      let last = from;
      const rows = db.all(SOME, conversation.id, messageId, from, MAX_REACTORS_READ);
      for (const [id, body] of rows as [number, string][]) {
        if (reactors.length === limit) return { reactors, next: users.byId(last).name };
        const { emojis, at } = decodeReactor(body);
        if (emoji === '' ? emojis.length > 0 : emojis.includes(emoji))
          reactors.push({ userId: users.byId(id).name, emojis, at });
        last = id;
      }
      return { reactors, next: rows.length === MAX_REACTORS_READ ? users.byId(last).name : null };
    },
    'reactions.of'([userId, after, limit]) {
      const user = users.find(userId);
      if (user === undefined) return [];
      const own: OwnReactions[] = [];
      let place: [number, string] = [
        after === null ? 0 : (conversations.find(after.conversationId)?.id ?? 0),
        after?.messageId ?? '',
      ];
      for (;;) {
        const rows = db.all(OWN, user.id, ...place, OWN_ROWS) as [number, string, string][];
        for (const [conversation, messageId, body] of rows) {
          place = [conversation, messageId];
          const { emojis, at } = decodeReactor(body);
          if (emojis.length > 0)
            own.push({ conversationId: conversations.byId(conversation).name, messageId, emojis, at });
          if (own.length === limit) return own;
        }
        if (rows.length < OWN_ROWS) return own;
      }
    },
  };
}

function bodyOf(db: Database, conversation: number, messageId: MessageId, user: number): string | undefined {
  return db.get(GET, conversation, messageId, user)?.[0] as string | undefined;
}

function seen(
  { db, users, conversations }: StoreContext,
  userId: UserId,
  pairs: readonly string[],
): (SeenReactions | null)[] {
  const user = users.find(userId);
  // In most conversations nobody has reacted: one look is enough for them.
  const known = new Map<string, number | null>();
  const idOf = (name: string): number | null => {
    const conversation = conversations.find(name);
    if (conversation === undefined || db.get(ANY, conversation.id) === undefined) return null;
    return conversation.id;
  };
  const found: (SeenReactions | null)[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const [name = '', messageId = ''] = pairs.slice(at, at + 2);
    const id = known.has(name) ? (known.get(name) ?? null) : idOf(name);
    known.set(name, id);
    const all = id === null ? undefined : bodyOf(db, id, messageId, ALL);
    const own = id === null || all === undefined || user === undefined ? undefined : bodyOf(db, id, messageId, user.id);
    const mine = own === undefined ? [] : decodeReactor(own).emojis;
    found.push(all === undefined ? null : { ...decodeReactions(all), mine });
  }
  return found;
}

function react(
  { db, users, conversations, journal }: StoreContext,
  { conversationId, messageId, audience, messageRevision, wanted, limits }: ReactionsToRecord,
  now: number,
): RecordedReactions | null {
  const { id } = conversations.obtain(conversationId);
  if (db.get(LATER, id, messageId, messageRevision) !== undefined) return null;
  const all = bodyOf(db, id, messageId, ALL);
  const reactors = new Map<UserId, KeptReactor>();
  for (const { by } of wanted) {
    const row = reactors.has(by) ? undefined : bodyOf(db, id, messageId, users.obtain(by).id);
    if (row !== undefined) reactors.set(by, decodeReactor(row));
  }
  const state = { reactions: all === undefined ? NO_REACTIONS : decodeReactions(all), reactors };
  const { reactions, rows, outcomes } = applyReactions(state, wanted, limits);
  for (const [userId, row] of rows) {
    const user = users.obtain(userId).id;
    if (row === null) db.run(DELETE, id, messageId, user);
    else db.run(PUT, id, messageId, user, encodeReactor(row));
  }
  if (!isChanged(outcomes)) return { outcomes, reactions, places: [] };
  db.run(PUT, id, messageId, ALL, encodeReactions(reactions));
  const { revision, at } = reactions;
  const update: ReactionUpdate = { type: 'react', conversationId, messageId, revision, at };
  const text = JSON.stringify(update);
  const places = audience.map((log) => ({ log, position: journal.append(users.obtain(log), text, now) }));
  return { outcomes, reactions, places };
}
