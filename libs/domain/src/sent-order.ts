import type { ContentDigests } from './content-digest.ts';
import type { Message } from './message.ts';
import { formatMessageId, MAX_COUNTER, type MessageId, parseMessageId, timeOf } from './message-id.ts';
import { hash32 } from './shard.ts';

/** A message that is to be recorded. */
export interface MessageToRecord extends Message {
  /** See `contentDigests`: they tell a resend from another message (C4). */
  digests: ContentDigests;
  /** The highest id of the conversation that the sending device had seen, by the device's account. */
  after?: MessageId;
  /** Its id and time are from another system: see `placeImported`. */
  isImported?: true;
}

/** Maximum number of devices of one user whose last message in a conversation is remembered. */
const MAX_DEVICES = 6;
/** As in `HybridClock`: how far ahead of the machine's clock an id named by a client may be, in ms. */
const CLIENT_AHEAD_MS = 1_000;
/** Maximum number of ranges of reassigned ids. */
const MAX_MOVED = 3;

/** A message sent as `from` was recorded as `to`, which sorts later. Overlapping ranges are merged. */
interface Moved {
  from: MessageId;
  to: MessageId;
}

interface Remembered {
  /** One entry per device, identified by its `tagOf`; newest first. */
  devices: { id: MessageId; device: string }[];
  /** The highest id of evicted devices: each of them counts as having sent it. Empty: no device was evicted. */
  floor: MessageId | '';
  /** Highest first. */
  moved: Moved[];
}

/**
 * What a store remembers of one user's messages in one conversation, as text, to keep their order (C5): the last id of
 * each device (24 digits of the id, then 8 of the device; highest id first), then `~` and the floor, then `>` and the
 * two ids of each reassigned range. Empty: nothing was sent. A single id, as older versions wrote it, is a floor. At
 * most 6 × 32 + 25 + 1 + 3 × 48 = 362 characters.
 */
export type SentOrder = string;

export const MAX_SENT_ORDER = 362;

/** The highest id among the user's messages; empty: none. */
export function highestSent(order: SentOrder): MessageId | '' {
  return order.slice(0, 24);
}

/** An 8-digit hash of the device id; devices with the same hash are ordered as if they were one. */
function tagOf(device: string): string {
  return hash32(device).toString(16).padStart(8, '0');
}

/**
 * Assigns the final id of a message when it is recorded. The message keeps its own id unless
 * - it does not sort after the last message of the same device (which used a node whose clock is behind, or resent a
 *   message that had been recorded under another id), or
 * - it does not sort after `after`, provided that the conversation has reached that id or it is at most a second later
 *   than `now` (Unix ms), as its message may be in flight; or it does not sort after the new id of a message up to
 *   `after` that was reassigned, or
 * - another message has that id.
 * In these cases it gets the first id after everything it must follow. `others`: the orders of the message's addressees
 * (`addresseesOf`). The returned `order` is the sender's new one.
 */
export function placeMessage(
  own: SentOrder,
  others: readonly SentOrder[],
  message: Pick<MessageToRecord, 'messageId' | 'fromDevice' | 'after' | 'from' | 'clientMessageId'>,
  now: number,
): { messageId: MessageId; order: SentOrder } {
  const { messageId: given, fromDevice, after } = message;
  const device = tagOf(fromDevice);
  // The common case: the id sorts after all known ids, and the same device sent the previous message.
  const all = [own, ...others];
  if (own.slice(24, 32) === device && all.every((order) => given > highestSent(order))) {
    if (after === undefined || given > after) return { messageId: given, order: given + own.slice(24) };
  }
  const mine = parse(own);
  const known = [mine, ...others.map(parse)];
  let bound = mine.devices.find((one) => one.device === device)?.id ?? mine.floor;
  if (after !== undefined) {
    const reached = timeOf(after) <= now + CLIENT_AHEAD_MS || all.some((order) => after <= highestSent(order));
    if (reached && after > bound) bound = after;
    for (const { from, to } of known.flatMap(({ moved }) => moved)) if (from <= after && to > bound) bound = to;
  }
  const isTaken = (id: MessageId) => known.some(({ devices }) => devices.some((device) => device.id === id));
  let messageId = given;
  if (given <= bound) messageId = idBehind(bound, message);
  while (isTaken(messageId)) messageId = idBehind(messageId, message);
  const devices = mine.devices.filter((one) => one.device !== device);
  devices.push({ id: messageId, device });
  devices.sort((a, b) => (a.id < b.id ? 1 : -1));
  const forgotten = devices.length > MAX_DEVICES ? devices.pop()?.id : undefined;
  const floor = forgotten !== undefined && forgotten > mine.floor ? forgotten : mine.floor;
  const moved = messageId === given ? mine.moved : joined(mine.moved, { from: given, to: messageId });
  return { messageId, order: format({ devices, floor, moved }) };
}

/** A message recorded as `to` was resent as `from`: references to it under that id stay ordered after it. */
export function noteMoved(order: SentOrder, from: MessageId, to: MessageId): SentOrder {
  if (from >= to) return order;
  const known = parse(order);
  if (known.moved.some((range) => range.from <= from && range.to >= to)) return order;
  return format({ ...known, moved: joined(known.moved, { from, to }) });
}

/**
 * The final id of a message in a group's log: its own if that sorts behind all others there, or the first id behind
 * them, so that ids rise with positions. `last`: the highest id in the log; empty: none.
 */
export function placeLast(
  last: MessageId | '',
  message: Pick<Message, 'messageId' | 'from' | 'clientMessageId'>,
): MessageId {
  return message.messageId > last ? message.messageId : idBehind(last, message);
}

/**
 * The id of an imported message if it sorts behind `last`, the highest id in the conversation (empty: none). Null: it is
 * there already, or the conversation has later messages, and history is not changed behind their backs.
 */
export function placeImported(last: MessageId | '', { messageId }: Pick<Message, 'messageId'>): MessageId | null {
  return messageId > last ? messageId : null;
}

/** The lowest id after another that only this message can have: its tag is a hash of the message's identity. */
function idBehind(id: MessageId, { from, clientMessageId }: Pick<Message, 'from' | 'clientMessageId'>): MessageId {
  const { millis, counter } = parseMessageId(id);
  const tag = hash32(`${from} ${clientMessageId}`);
  if (counter < MAX_COUNTER) return formatMessageId({ millis, counter: counter + 1, tag });
  return formatMessageId({ millis: millis + 1, counter: 0, tag });
}

function joined(ranges: readonly Moved[], range: Moved): Moved[] {
  let { from, to } = range;
  const apart = ranges.filter((known) => {
    if (known.to < from || known.from > to) return true;
    if (known.from < from) from = known.from;
    if (known.to > to) to = known.to;
    return false;
  });
  return [...apart, { from, to }].sort((a, b) => (a.to < b.to ? 1 : -1)).slice(0, MAX_MOVED);
}

function parse(order: SentOrder): Remembered {
  const [rest = '', ranges = ''] = order.split('>');
  const [known = '', floor = ''] = rest.split('~');
  const moved = pieces(ranges, 48).map((range) => ({ from: range.slice(0, 24), to: range.slice(24) }));
  // Written by an older version, without the device.
  if (known.length === 24) return { devices: [], floor: known, moved };
  const devices = pieces(known, 32).map((piece) => ({ id: piece.slice(0, 24), device: piece.slice(24) }));
  return { devices, floor, moved };
}

function format({ devices, floor, moved }: Remembered): SentOrder {
  const known = devices.map(({ id, device }) => id + device).join('');
  const below = devices.length === 0 ? floor : floor === '' ? '' : `~${floor}`;
  const ranges = moved.length === 0 ? '' : `>${moved.map(({ from, to }) => from + to).join('')}`;
  return known + below + ranges;
}

function pieces(text: string, width: number): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += width) all.push(text.slice(at, at + width));
  return all;
}
