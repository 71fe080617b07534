import { highestSent, noteMoved, placeMessage } from '@chasqui/domain';
import type { StoreContext } from '../store-context.ts';
import { type OutcomeRow, RECORD_WIDTH, type RecordRow } from '../store-operations.ts';
import type { Conversation, Side } from './conversations.ts';
import { otherSide } from './conversations.ts';
import { noteSilenced } from './silenced.ts';
import { placeBefore, totalUnread } from './unread.ts';
import type { User } from './users.ts';

/** `members.touched_at` is renewed when it is this much behind: most messages then write no row there. */
export const TOUCH_MS = 3_600_000;

/** See `SessionStore.record`. Every conversation is checked before anything is written. */
export function recordMessages(
  store: StoreContext,
  rows: readonly (string | number)[],
  now: number,
): (string | number)[] {
  const conversations: Conversation[] = [];
  for (let i = 0; i < rows.length; i += RECORD_WIDTH) conversations.push(store.conversations.obtain(rows[i] as string));
  const outcomes: (string | number)[] = [];
  for (const [n, conversation] of conversations.entries()) {
    outcomes.push(...recordOne(store, conversation, rows, n * RECORD_WIDTH, now));
  }
  return outcomes;
}

function recordOne(
  store: StoreContext,
  conversation: Conversation,
  rows: readonly (string | number)[],
  at: number,
  now: number,
): OutcomeRow {
  const field = <I extends keyof RecordRow & number>(i: I) => rows[at + i] as RecordRow[I];
  const [from, givenId, clientId, digest] = [field(1), field(2), field(3), field(4)];
  const side: Side = from === conversation.names[0] ? 0 : 1;
  const peer = otherSide(side);
  const sender = store.users.byId(conversation.users[side]);
  const receiver = store.users.byId(conversation.users[peer]);

  const first = store.dedup.find(sender.id, clientId, now);
  if (first !== undefined && first.digest !== digest && first.digest !== field(10))
    return [2, first.messageId, 0, 0, 0, 0, 0];
  if (first !== undefined) {
    const { messageId, senderPosition, receiverPosition } = first;
    const order = noteMoved(conversation.sent[side], givenId, messageId);
    if (order !== conversation.sent[side]) {
      conversation.sent[side] = order;
      store.journal.changed(conversation);
    }
    return [1, messageId, senderPosition, receiverPosition, ...counts(store, conversation, peer, receiver)];
  }

  const { sent } = conversation;
  const given = {
    messageId: givenId,
    from,
    fromDevice: field(8),
    clientMessageId: clientId,
    ...(field(9) === '' ? {} : { after: field(9) }),
  };
  const { messageId, order } = placeMessage(sent[side], sent[peer], given, now);
  const before = placeBefore(conversation.incoming[peer], messageId < highestSent(sent[side]));
  const total = totalUnread(store, receiver);
  const [preview, sentAt, silenced] = [field(5), field(6), field(7) === 1];
  const recording = {
    conversation: conversation.id,
    messageId,
    clientId,
    digest,
    at: now,
    previous: before,
  };
  const { senderPosition, receiverPosition } = store.journal.record(sender, receiver, recording, silenced);
  sent[side] = order;
  store.journal.changed(conversation);
  if (silenced) noteSilenced(store, conversation, side, { lastId: messageId, preview, updatedAt: sentAt });
  else {
    conversation.incoming[peer] = receiverPosition;
    if (messageId > conversation.read[peer]) {
      conversation.unread[peer]++;
      receiver.total = total + 1;
    }
    if (messageId > conversation.lastId) {
      conversation.lastId = messageId;
      conversation.lastSide = side;
      conversation.preview = preview;
    }
    conversation.updatedAt = Math.max(conversation.updatedAt, sentAt);
    touch(store, conversation);
  }
  return [
    0,
    messageId === givenId ? '' : messageId,
    senderPosition,
    receiverPosition,
    ...counts(store, conversation, peer, receiver),
  ];
}

function counts(
  store: StoreContext,
  conversation: Conversation,
  side: Side,
  user: User,
): [count: number, total: number, position: number] {
  return [conversation.unread[side], totalUnread(store, user), user.head];
}

/** Keeps `members.touched_at` within TOUCH_MS below `updatedAt`. */
function touch({ db }: StoreContext, conversation: Conversation): void {
  const { id, users, updatedAt, touchedAt } = conversation;
  if (updatedAt < touchedAt + TOUCH_MS) return;
  for (const user of users) {
    db.run(
      'UPDATE members SET touched_at = max(touched_at, ?) WHERE user = ? AND conversation = ?',
      updatedAt,
      user,
      id,
    );
  }
  conversation.touchedAt = updatedAt;
}
