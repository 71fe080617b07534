import { addresseesOf, highestSent, inboxOf, noteMoved, ownerOf, placeMessage, type SentOrder } from '@chasqui/domain';
import type { StoreContext } from '../store-context.ts';
import type { FirstRecording } from './dedup.ts';
import type { Conversation, Entry } from './entry.ts';
import { countedIn, type Given, givenOf, type Outcome, pushOutcome, RECORD_WIDTH } from './record-row.ts';
import { placeBefore, totalUnread } from './unread.ts';
import type { User } from './users.ts';

/** `Entry.touchedAt` is renewed when it is this much behind: most messages then write no row of the table. */
export const TOUCH_MS = 3_600_000;

/** See `ConversationStore.record`. */
export function recordMessages(
  store: StoreContext,
  values: readonly (string | number)[],
  now: number,
): (string | number)[] {
  const outcomes: (string | number)[] = [];
  for (let at = 0; at < values.length; at += RECORD_WIDTH) {
    pushOutcome(outcomes, recordOne(store, givenOf(values, at), now));
  }
  return outcomes;
}

function recordOne(store: StoreContext, given: Given, now: number): Outcome {
  const { users, dedup, conversations, journal } = store;
  const conversation = conversations.obtain(given.conversationId);
  const sender = users.obtain(given.from);
  const first = dedup.find(sender.id, given.clientMessageId, now);
  if (first === undefined) {
    return outcomeOf(store, conversation, 'recorded', given.from, recordFirst(store, conversation, sender, given, now));
  }
  const { messageId, digest } = first;
  if (digest !== given.digest && digest !== given.formerDigest) {
    return { result: 'conflict', messageId, places: [], counts: [] };
  }
  const own = conversations.obtainEntry(conversation, sender, 0);
  const order = noteMoved(own.sent, given.messageId, messageId);
  if (order !== own.sent) {
    own.sent = order;
    journal.changed(own);
  }
  return outcomeOf(store, conversation, 'duplicate', given.from, first);
}

function outcomeOf(
  store: StoreContext,
  conversation: Conversation,
  result: 'recorded' | 'duplicate',
  from: string,
  first: FirstRecording,
): Outcome {
  const { users, conversations } = store;
  const places = first.places.map(({ log, position }) => ({ log: users.byId(log).name, position }));
  const counts = countedIn(places, from).map((name) => {
    const user = users.obtain(name);
    const count = conversations.entry(conversation, user)?.unread ?? 0;
    return { count, total: totalUnread(store, user), head: user.head };
  });
  return { result, messageId: first.messageId, places, counts };
}

/** Somebody who takes part, and what they sent. */
interface Sender {
  name: string;
  order: SentOrder;
}

function recordFirst(
  store: StoreContext,
  conversation: Conversation,
  sender: User,
  given: Given,
  now: number,
): FirstRecording {
  const { users, conversations, journal } = store;
  const sentBy = (name: string): Sender => {
    const user = users.find(name);
    return { name, order: user === undefined ? '' : (conversations.entry(conversation, user)?.sent ?? '') };
  };
  const own = sentBy(given.from);
  const others = addresseesOf(given).map(sentBy);
  const orders = others.map(({ order }) => order);
  const { messageId, order } = placeMessage(own.order, orders, given, now);
  const appended = given.audience.map((log) => {
    const user = users.obtain(log);
    const owner = ownerOf(log);
    if (owner === null) return { user, previous: 0 };
    const entry = conversations.obtainEntry(conversation, user, given.sentAt);
    if (user === sender) return { user, entry, previous: 0 };
    const isLate = [own, ...others].some((one) => one.name !== owner && messageId < highestSent(one.order));
    return { user, entry, previous: placeBefore(entry.incoming, isLate) };
  });
  // Counted from entries that do not have the message yet.
  for (const { user } of appended) totalUnread(store, user);
  const recording = journal.record(
    {
      conversation: conversation.id,
      sender: sender.id,
      messageId,
      clientId: given.clientMessageId,
      digest: given.digest,
      at: now,
    },
    appended,
  );
  for (const [i, { user, entry }] of appended.entries()) {
    if (entry !== undefined)
      bringUpToDate(store, entry, user, { ...given, messageId }, recording.places[i]?.position ?? 0);
  }
  const senders = conversations.obtainEntry(conversation, sender, 0);
  senders.sent = order;
  journal.changed(senders);
  return recording;
}

/** The entry of a user to whose inbox the message has come, at `position`. */
function bringUpToDate(store: StoreContext, entry: Entry, user: User, message: Given, position: number): void {
  const { messageId, sentAt } = message;
  const isOwn = inboxOf(message.from) === user.name;
  if (!isOwn) {
    entry.incoming = position;
    if (messageId > entry.readId) {
      entry.unread++;
      user.total++;
    }
  }
  if (messageId > entry.lastId) {
    entry.lastId = messageId;
    entry.lastFrom = store.users.obtain(message.from).id;
    entry.preview = message.preview;
  }
  entry.updatedAt = Math.max(entry.updatedAt, sentAt);
  if (entry.updatedAt >= entry.touchedAt + TOUCH_MS) store.conversations.touch(entry, entry.updatedAt);
  store.journal.changed(entry);
}
