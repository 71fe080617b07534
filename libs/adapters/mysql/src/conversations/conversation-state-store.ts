import {
  type ConversationState,
  DEFAULT_STATE,
  decodeState,
  encodeState,
  ImError,
  inboxOf,
  type LogUpdate,
  STATE_LIMITS,
  type StateChange,
  sparseState,
  withChange,
} from '@chasqui/domain';
import type { ChangedState, ConversationStateStore, EntryKey } from '@chasqui/ports';
import type { Database, Row } from '../engine/index.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';
import { createHiddenMessages } from './hidden-messages.ts';

const SELECT = `SELECT state.user_id, state.conversation_id, state.body, COALESCE(entry.read_up_to, '')
  FROM conversation_states AS state LEFT JOIN conversation_entries AS entry
  ON entry.conversation_id = state.conversation_id AND entry.user_id = state.user_id`;
const BY_KEY = `${SELECT} WHERE (state.user_id, state.conversation_id) IN (?)`;
const OF_USER = `${SELECT} WHERE state.user_id = ? AND state.conversation_id > ? ORDER BY state.conversation_id LIMIT ?`;
const READ_UP_TO = 'SELECT read_up_to FROM conversation_entries WHERE conversation_id = ? AND user_id = ?';
const COUNT = 'SELECT COUNT(*) FROM conversation_states WHERE user_id = ?';
const PUT = `INSERT INTO conversation_states (user_id, conversation_id, body) VALUES (?, ?, ?)
  ON DUPLICATE KEY UPDATE body = VALUES(body)`;
const DROP = 'DELETE FROM conversation_states WHERE user_id = ? AND conversation_id = ?';

/** Decodes a row of `SELECT`. */
function keptOf(row: Row): EntryKey & { state: ConversationState } {
  const [userId, conversationId, body, readUpTo] = row as [string, string, string, string];
  return { userId, conversationId, state: decodeState(body, readUpTo) };
}

function updateOf(conversationId: string, state: ConversationState): LogUpdate {
  return { type: 'conversation_state', conversationId, state: sparseState(state) };
}

/** See `ConversationStateStore.change`. Marks move under the same lock, so the one that is read here holds. */
function change(database: Database, key: EntryKey, changes: StateChange, at: number): Promise<ChangedState> {
  const { userId, conversationId } = key;
  const log = inboxOf(userId);
  return database.transaction<ChangedState>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(
      transaction,
      [log],
      [
        { sql: BY_KEY, values: [[[userId, conversationId]]] },
        { sql: READ_UP_TO, values: [conversationId, userId] },
        { sql: COUNT, values: [userId] },
      ],
    );
    if (earlier?.position != null) {
      const { position, state } = earlier;
      const update = updateOf(conversationId, state);
      if (await isEntry(transaction, { log, position, update })) return { result: earlier, writes: [] };
    }
    const [found, mark, count] = answers.map(({ rows }) => rows[0]);
    const before = found === undefined ? DEFAULT_STATE : keptOf(found).state;
    const state = withChange(before, changes, at);
    if (state === before) return { result: { state, position: null }, writes: [] };
    if (found === undefined && Number(count?.[0]) >= STATE_LIMITS.maxStatesPerUser) {
      const message = `the conversations in which you set something: at most ${STATE_LIMITS.maxStatesPerUser}`;
      throw new ImError('limit_reached', message, { field: 'conversationId' });
    }
    const appender = new Appender(database.clock.now());
    const position = appender.append(locked.get(log) as Head, updateEntry(updateOf(conversationId, state)));
    const body = encodeState(state, String(mark?.[0] ?? ''));
    const kept =
      state === DEFAULT_STATE
        ? { sql: DROP, values: [userId, conversationId] }
        : { sql: PUT, values: [userId, conversationId, body] };
    return { result: { state, position }, writes: [kept, ...appender.statements(), saveHeads(locked.values())] };
  });
}

export function createConversationStateStore(database: Database): ConversationStateStore {
  return {
    async get(keys) {
      if (keys.length === 0) return [];
      const values = [keys.map(({ userId, conversationId }) => [userId, conversationId])];
      const { rows } = await database.run({ sql: BY_KEY, values });
      const kept = rows.map(keptOf);
      const nameOf = ({ userId, conversationId }: EntryKey) => `${conversationId} ${userId}`;
      const found = new Map(kept.map((one) => [nameOf(one), one.state]));
      return keys.map((key) => found.get(nameOf(key)) ?? DEFAULT_STATE);
    },
    ...createHiddenMessages(database),
    change: (key, changes, at) => change(database, key, changes, at),
    async of(userId, { after = '', limit }) {
      const { rows } = await database.run({ sql: OF_USER, values: [userId, after, limit] });
      return rows.map(keptOf).map(({ conversationId, state }) => ({ conversationId, state }));
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
