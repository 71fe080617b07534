import {
  type ConversationState,
  DEFAULT_STATE,
  decodeState,
  encodeState,
  ImError,
  type LogUpdate,
  STATE_LIMITS,
  sparseState,
  withChange,
} from '@chasqui/domain';
import type { ChangedState, EntryKey } from '@chasqui/ports';
import { parsed } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';
import { hiddenOperations } from './hidden-messages.ts';

type StateOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `conversationStates.${string}`>>>;

const GET = 'SELECT body FROM conversation_states WHERE user = ? AND conversation = ?';
const PUT = 'INSERT OR REPLACE INTO conversation_states VALUES (?, ?, ?)';
const DROP = 'DELETE FROM conversation_states WHERE user = ? AND conversation = ?';
const COUNT = 'SELECT count(*) FROM conversation_states WHERE user = ?';
const OF_USER = `SELECT c.name FROM conversation_states s JOIN conversations c ON c.id = s.conversation
  WHERE s.user = ? AND c.name > ? ORDER BY c.name LIMIT ?`;

interface Kept {
  /** Undefined: no row. */
  state?: ConversationState;
  /** The user's read mark. */
  readUpTo: string;
}

function keptOf({ db, users, conversations }: StoreContext, { userId, conversationId }: EntryKey): Kept {
  const user = users.find(userId);
  const conversation = conversations.find(conversationId);
  if (user === undefined || conversation === undefined) return { readUpTo: '' };
  const readUpTo = conversations.entry(conversation, user)?.readId ?? '';
  const row = db.get(GET, user.id, conversation.id);
  if (row === undefined) return { readUpTo };
  const name = () => `state of ${conversationId} for ${userId}`;
  const decode = (text: string) => decodeState(text, readUpTo);
  return { readUpTo, state: parsed(db, row[0] as string, name, decode, () => DEFAULT_STATE) };
}

function change(store: StoreContext, ...[key, changes, at, now]: [...ChangeArguments, now: number]): ChangedState {
  const { db, users, conversations, journal } = store;
  const { userId, conversationId } = key;
  const { state: before, readUpTo } = keptOf(store, key);
  const state = withChange(before ?? DEFAULT_STATE, changes, at);
  if (state === (before ?? DEFAULT_STATE)) return { state, position: null };
  const user = users.obtain(userId);
  if (before === undefined && db.number(COUNT, user.id) >= STATE_LIMITS.maxStatesPerUser) {
    const message = `the conversations in which you set something: at most ${STATE_LIMITS.maxStatesPerUser}`;
    throw new ImError('limit_reached', message, { field: 'conversationId' });
  }
  const conversation = conversations.obtain(conversationId);
  if (state === DEFAULT_STATE) db.run(DROP, user.id, conversation.id);
  else db.run(PUT, user.id, conversation.id, encodeState(state, readUpTo));
  const update: LogUpdate = { type: 'conversation_state', conversationId, state: sparseState(state) };
  return { state, position: journal.append(user, JSON.stringify(update), now) };
}

type ChangeArguments = Parameters<StoreOperations['conversationStates.change']>[0];

export function stateOperations(store: StoreContext): StateOperations {
  const stateOf = (key: EntryKey) => keptOf(store, key).state ?? DEFAULT_STATE;
  return {
    'conversationStates.get': (keys) => keys.map(stateOf),
    'conversationStates.change': (args, now) => change(store, ...args, now),
    ...hiddenOperations(store),
    'conversationStates.of'([userId, after, limit]) {
      const user = store.users.find(userId);
      if (user === undefined) return [];
      return store.db.all(OF_USER, user.id, after, limit).map(([name]) => {
        const conversationId = name as string;
        return { conversationId, state: stateOf({ userId, conversationId }) };
      });
    },
  };
}
