import { ImError } from '../errors.ts';
import type { MessageId } from '../message-id.ts';

/** Which messages of a conversation notify its user; `default`: `all` in a small conversation, `mentions` in a large one. */
export const NOTIFY_LEVELS = ['all', 'mentions', 'none', 'default'] as const;
export type NotifyLevel = (typeof NOTIFY_LEVELS)[number];

/** What one user has set in one conversation. Nobody else sees it; all of the user's devices do. */
export interface ConversationState {
  /** Unix ms by which pinned conversations are ordered; 0: not pinned. */
  pinnedAt: number;
  /** Hidden while the conversation's last message is not above this one, so that a new one shows it again; empty: not hidden. */
  hiddenUpTo: MessageId | '';
  archived: boolean;
  /** The user marked it as unread, and has read nothing in it since. */
  markedUnread: boolean;
  /** `until`: Unix ms from which on the level is `default` again; 0: for good. */
  notify: { level: NotifyLevel; until: number };
  /** The user's history and search end above this message; empty: nothing is cleared. It only moves forward. */
  clearedUpTo: MessageId | '';
  /** What the user began to write: plain text of at most `maxDraftBytes`. */
  draft: string;
  /** Unix ms of the last change; 0: none. */
  changedAt: number;
}

/** New values of some fields. */
export type StateChange = Partial<Omit<ConversationState, 'changedAt'>>;

/** A state without the fields that have their default: how it is stored and sent. */
export type SparseState = Partial<ConversationState>;

export const DEFAULT_STATE: ConversationState = {
  pinnedAt: 0,
  hiddenUpTo: '',
  archived: false,
  markedUnread: false,
  notify: { level: 'default', until: 0 },
  clearedUpTo: '',
  draft: '',
  changedAt: 0,
};

/** Bounds of what a user sets in conversations (C16). */
export const STATE_LIMITS = {
  /** Conversations of one user whose state differs from the default. At the bound: `limit_reached`. */
  maxStatesPerUser: 10_000,
  /** Of a draft, as UTF-8. Larger: `content_too_large`. */
  maxDraftBytes: 4_096,
  /** Messages that one user has deleted for themselves. At the bound: `limit_reached`. */
  maxHiddenPerUser: 10_000,
  /** Of these, in one call and update. */
  maxHiddenAtOnce: 100,
} as const;

/** The refusal of `ConversationStateStore.hide` at its bound. */
export function tooManyHidden(): ImError {
  const message = `the messages that you deleted for yourself: at most ${STATE_LIMITS.maxHiddenPerUser}`;
  return new ImError('limit_reached', message, { field: 'messageIds' });
}

/** The state after a change; the same object if nothing changes. One that is the default again is `DEFAULT_STATE`. */
export function withChange(state: ConversationState, changes: StateChange, at: number): ConversationState {
  const next = { ...state, ...changes };
  if (next.clearedUpTo < state.clearedUpTo) next.clearedUpTo = state.clearedUpTo;
  if (next.notify.level === 'default') next.notify = DEFAULT_STATE.notify;
  if (isSame(next, state)) return state;
  return isSame(next, DEFAULT_STATE) ? DEFAULT_STATE : { ...next, changedAt: at };
}

export function sparseState(state: ConversationState): SparseState {
  const fields = Object.entries(state) as [keyof ConversationState, unknown][];
  return Object.fromEntries(fields.filter(([name]) => !isSameField(name, state, DEFAULT_STATE)));
}

export function fullState(state: SparseState): ConversationState {
  return { ...DEFAULT_STATE, ...state };
}

/** Whether the conversation with this last message is hidden from its user. */
export function isHidden({ hiddenUpTo }: ConversationState, lastMessageId: MessageId | ''): boolean {
  return hiddenUpTo !== '' && lastMessageId <= hiddenUpTo;
}

/** Which messages notify the user at this moment. */
export function levelNow(
  { notify: { level, until } }: Pick<ConversationState, 'notify'>,
  now: number,
  isLargeGroup: boolean,
): Exclude<NotifyLevel, 'default'> {
  if (level !== 'default' && (until === 0 || now < until)) return level;
  return isLargeGroup ? 'mentions' : 'all';
}

interface StoredState extends SparseState {
  /** With `markedUnread`: the user's read mark at that time. A later mark undoes it, without a write. */
  unreadAfter?: MessageId | '';
}

/** The text that a store keeps. `readUpTo`: the user's read mark, read in the same transaction. */
export function encodeState(state: ConversationState, readUpTo: MessageId | ''): string {
  const stored: StoredState = sparseState(state);
  if (state.markedUnread) stored.unreadAfter = readUpTo;
  return JSON.stringify(stored);
}

export function decodeState(text: string, readUpTo: MessageId | ''): ConversationState {
  const { unreadAfter = '', ...stored }: StoredState = JSON.parse(text);
  const state = fullState(stored);
  return state.markedUnread && readUpTo > unreadAfter ? { ...state, markedUnread: false } : state;
}

function isSame(a: ConversationState, b: ConversationState): boolean {
  return (Object.keys(a) as (keyof ConversationState)[]).every(
    (name) => name === 'changedAt' || isSameField(name, a, b),
  );
}

function isSameField(name: keyof ConversationState, a: ConversationState, b: ConversationState): boolean {
  if (name === 'notify') return a.notify.level === b.notify.level && a.notify.until === b.notify.until;
  return a[name] === b[name];
}
