import {
  addresseesOf,
  groupOf,
  highestSent,
  noteMoved,
  ownerOf,
  type Place,
  placeImported,
  placeMessage,
} from '@chasqui/domain';
import { refer } from '../attachments/references.ts';
import { recordInGroup } from '../groups/record-in-group.ts';
import type { StoreContext } from '../store-context.ts';
import { type FirstRecording, PLACE_WIDTH, placesOf } from './dedup.ts';
import type { Conversation, Entry } from './entry.ts';
import { type Counted, countedIn, type Given, givenOf, type Outcome, pushOutcome, RECORD_WIDTH } from './record-row.ts';
import { placeBefore, totalUnread } from './unread.ts';
import type { User } from './users.ts';

/** `Entry.touchedAt` is renewed when it is this far behind, so that most messages do not move the entry in its list. */
export const TOUCH_MS = 3_600_000;

/** See `ConversationStore.record`. */
export function recordMessages(
  store: StoreContext,
  values: readonly (string | number)[],
  now: number,
): (string | number)[] {
  const outcomes: (string | number)[] = [];
  for (let at = 0; at < values.length; at += RECORD_WIDTH) {
    const given = givenOf(values, at);
    const outcome = recordOne(store, given, now);
    if (given.attachments.length > 0 && outcome.result === 'recorded') {
      const { conversationId: holder, from: by } = given;
      refer(store.db, given.attachments, { holder, messageId: outcome.messageId, by });
    }
    pushOutcome(outcomes, outcome);
  }
  return outcomes;
}

function recordOne(store: StoreContext, given: Given, now: number): Outcome {
  const { users, dedup, conversations } = store;
  const sender = users.obtain(given.from);
  if (groupOf(given.audience[0] ?? '') !== null) return recordInGroup(store, sender, given, now);
  const conversation = conversations.obtain(given.conversationId);
  const first = dedup.find(sender.id, given.clientMessageId, now);
  if (first === undefined) return recordFirst(store, conversation, sender, given, now);
  const { messageId, digest } = first;
  const isSame = digest === given.digest || digest === given.formerDigest;
  return isSame ? recordAgain(store, conversation, sender, given, first) : { result: 'conflict', messageId };
}

function recordAgain(
  store: StoreContext,
  conversation: Conversation,
  sender: User,
  given: Given,
  { messageId, places: numbered }: FirstRecording,
): Outcome {
  const { users, conversations, journal } = store;
  const own = conversations.obtainEntry(conversation, sender, 0);
  const order = noteMoved(own.sent, given.messageId, messageId);
  if (order !== own.sent) {
    own.sent = order;
    journal.changed(own);
  }
  const places = placesOf(numbered, (log) => users.byId(log).name);
  const counts = countedIn(places, given.from).map((name) => {
    const user = users.obtain(name);
    return countsOf(store, conversations.entry(conversation, user), user);
  });
  return { result: 'duplicate', messageId, places, counts };
}

function countsOf(store: StoreContext, entry: Entry | undefined, user: User): Counted {
  return { count: entry?.unread ?? 0, total: totalUnread(store, user), head: user.head };
}

/** A log that the message is appended to. */
interface Addressed {
  user: User;
  /** The entry of the log's owner; null: the log is not an inbox. */
  entry: Entry | null;
  previous: number;
}

function recordFirst(
  store: StoreContext,
  conversation: Conversation,
  sender: User,
  given: Given,
  now: number,
): Outcome {
  const { users, conversations, journal } = store;
  const { from, fromDevice, clientMessageId, digest, after, audience } = given;
  const addressed = audience.map((log): Addressed => {
    const user = log === from ? sender : users.obtain(log);
    const isInbox = ownerOf(log) !== null;
    return { user, entry: isInbox ? conversations.obtainEntry(conversation, user, given.sentAt) : null, previous: 0 };
  });
  const own = conversations.obtainEntry(conversation, sender, 0);
  const others = addresseesOf(given).map((name) => {
    const user = addressed.find((one) => one.user.name === name)?.user ?? users.find(name);
    return { user, order: user === undefined ? '' : (conversations.entry(conversation, user)?.sent ?? '') };
  });
  const orders = others.map((other) => other.order);
  const last = given.isImported ? [own.sent, ...orders].map(highestSent).sort().at(-1) : undefined;
  const givenId = last === undefined ? given.messageId : placeImported(last, given);
  if (givenId === null) return { result: 'out_of_order', messageId: given.messageId };
  const placeable = { messageId: givenId, from, fromDevice, clientMessageId };
  const { messageId, order } = placeMessage(own.sent, orders, after === '' ? placeable : { ...placeable, after }, now);

  const senders = [{ user: sender, order: own.sent }, ...others];
  for (const one of addressed) {
    if (one.entry === null || one.user === sender) continue;
    const isLate = senders.some(({ user, order: sent }) => user !== one.user && messageId < highestSent(sent));
    one.previous = placeBefore(one.entry.incoming, isLate);
    // Computed from entries that do not include the message yet.
    totalUnread(store, one.user);
  }
  const recording = {
    conversation: conversation.id,
    sender: sender.id,
    messageId,
    clientId: clientMessageId,
    digest,
    at: now,
  };
  const { places: numbered } = journal.record(recording, addressed);
  own.sent = order;
  journal.changed(own);
  const places: Place[] = [];
  const counts: Counted[] = [];
  for (const [i, { user, entry }] of addressed.entries()) {
    const position = numbered[i * PLACE_WIDTH + 1] ?? 0;
    places.push({ log: user.name, position });
    if (entry === null) continue;
    if (user !== sender) countUnread(entry, user, messageId, position);
    bringUpToDate(store, entry, sender, given, messageId);
    if (user !== sender) counts.push(countsOf(store, entry, user));
  }
  return { result: 'recorded', messageId, places, counts };
}

/** The message was appended at `position`. */
function countUnread(entry: Entry, user: User, messageId: string, position: number): void {
  entry.incoming = position;
  if (messageId <= entry.readId) return;
  entry.unread++;
  user.total++;
}

function bringUpToDate(store: StoreContext, entry: Entry, sender: User, given: Given, messageId: string): void {
  if (messageId > entry.lastId) {
    entry.lastId = messageId;
    entry.lastFrom = sender.id;
    entry.preview = given.preview;
  }
  entry.updatedAt = Math.max(entry.updatedAt, given.sentAt);
  if (entry.updatedAt >= entry.touchedAt + TOUCH_MS) entry.touchedAt = entry.updatedAt;
  store.journal.changed(entry);
}
