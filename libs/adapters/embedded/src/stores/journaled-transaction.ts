import type { Row } from '../sqlite/database.ts';
import { type Conversations, STATE_WIDTH, setState } from './conversations/conversations.ts';
import type { Dedup, FirstRecording } from './conversations/dedup.ts';
import { EntryType, type InboxRow } from './conversations/inbox-row.ts';
import type { Inboxes } from './conversations/inboxes.ts';
import type { Users } from './conversations/users.ts';

/** A recorded message: everything that its two inbox entries and its dedup row are made of. */
export interface Recording extends FirstRecording {
  receiver: number;
  /** The receiver's incoming entry before this one, of the same conversation. */
  previous: number;
}

/** What one transaction did, as absolute values, flat: it is written as one row of JSON. */
export interface JournaledTransaction {
  /** As `recordingValues` gives them, one after another. */
  recordings: (string | number)[];
  /** User, position, and the columns of the row. */
  updates: (string | number | null)[];
  /** Conversation and its STATE_WIDTH values. */
  conversations: (string | number)[];
}

/** What a journal is about. */
export interface JournalParts {
  users: Users;
  conversations: Conversations;
  inboxes: Inboxes;
  dedup: Dedup;
}

export const RECORDING_WIDTH = 10;
export const UPDATE_WIDTH = 8;
type RecordingValues = [
  ...ids: [conversation: number, sender: number, receiver: number, messageId: string, clientId: string, digest: string],
  ...places: [at: number, senderPosition: number, receiverPosition: number, previous: number],
];
type UpdateValues = [
  ...place: [user: number, position: number, at: number, type: EntryType],
  ...what: [conversation: number | null, ref: string | null, body: string, previous: number],
];

export function recordingValues(r: Recording): RecordingValues {
  const places = [r.at, r.senderPosition, r.receiverPosition, r.previous] as const;
  return [r.conversation, r.sender, r.receiver, r.messageId, r.clientId, r.digest, ...places];
}

export function updateValues(user: number, position: number, row: InboxRow): UpdateValues {
  return [user, position, row.at, row.type, row.conversation, row.ref, row.body, row.previous];
}

/** The two inbox rows of a recorded message: the sender's and the receiver's. */
export function rowsOf({
  at,
  conversation,
  messageId,
  clientId,
  previous,
}: Omit<Recording, PlacedFields>): [InboxRow, InboxRow] {
  return [
    { at, type: EntryType.outgoing, conversation, ref: messageId, body: clientId, previous: 0 },
    { at, type: EntryType.incoming, conversation, ref: messageId, body: clientId, previous },
  ];
}
export type PlacedFields = 'sender' | 'receiver' | 'senderPosition' | 'receiverPosition';

function* groups<T>(values: readonly unknown[], width: number): Iterable<T> {
  for (let i = 0; i < values.length; i += width) yield values.slice(i, i + width) as T;
}

/**
 * Brings memory to where it was after the transaction; what the tables have already stays as it is.
 * Errors: `data_damaged` when an inbox would have a gap.
 */
export function replayTransaction(
  parts: JournalParts,
  { recordings, updates, conversations }: JournaledTransaction,
): void {
  const { users, inboxes, dedup } = parts;
  const entries: [user: number, position: number, row: InboxRow][] = [];
  for (const values of groups<RecordingValues>(recordings, RECORDING_WIDTH)) {
    const [
      conversation,
      sender,
      receiver,
      messageId,
      clientId,
      digest,
      at,
      senderPosition,
      receiverPosition,
      previous,
    ] = values;
    const first = { sender, clientId, messageId, digest, conversation, senderPosition, receiverPosition, at };
    const [own, incoming] = rowsOf({ ...first, previous });
    entries.push([sender, senderPosition, own], [receiver, receiverPosition, incoming]);
    dedup.add(first);
  }
  for (const [user, position, at, type, conversation, ref, body, previous] of groups<UpdateValues>(
    updates,
    UPDATE_WIDTH,
  )) {
    entries.push([user, position, { at, type, conversation, ref, body, previous }]);
  }
  // Messages and other updates took their places in turn, and were written down kind by kind.
  entries.sort(([, a], [, b]) => a - b);
  for (const [user, position, row] of entries) inboxes.replay(users.byId(user), position, row);
  for (const values of groups<Row>(conversations, 1 + STATE_WIDTH)) {
    const conversation = parts.conversations.byId(values[0] as number);
    setState(conversation, values, 1);
    parts.conversations.dirty.set(conversation.id, conversation);
  }
}
