import type { ContentDigests } from './content-digest.ts';
import type { Message } from './message.ts';
import { formatMessageId, MAX_COUNTER, type MessageId, parseMessageId, timeOf } from './message-id.ts';
import { hash32 } from './shard.ts';

/** A message that is to be recorded. */
export interface MessageToRecord extends Message {
  /** See `contentDigests`: they tell a resend from another message (C4). */
  digests: ContentDigests;
  /** The highest id of the conversation that the sending device had seen, as the device said. */
  after?: MessageId;
}

/** Devices of one user whose last message of a conversation is remembered. */
const MAX_DEVICES = 6;
/** As in `HybridClock`: how far a client's word goes beyond the machine's clock, in ms. */
const CLIENT_AHEAD_MS = 1_000;
/** Ranges of ids that were given anew. */
const MAX_MOVED = 3;

/** A message was sent as `from` and is kept as `to`, which sorts later. Ranges that overlap are one. */
interface Moved {
  from: MessageId;
  to: MessageId;
}

interface Remembered {
  /** By the device's `tagOf`, the newest first. */
  devices: { id: MessageId; device: string }[];
  /** The highest id of the devices that are forgotten: each of those counts as having sent it. Empty: none is. */
  floor: MessageId | '';
  /** The highest first. */
  moved: Moved[];
}

/**
 * What a store remembers of one user's messages in one conversation, as text, to keep their order (C5): the last id of each
 * device (24 digits of the id, then 8 of the device; the highest id first), then `~` and the floor, then `>` and the ids of
 * each range that was given anew. Empty: nothing was sent. A lone id, as older versions wrote it, is a floor. At most
 * 6 × 32 + 25 + 1 + 3 × 48 = 362 characters.
 */
export type SentOrder = string;

export const MAX_SENT_ORDER = 362;

/** The highest id of the user's messages; empty: none. */
export function highestSent(order: SentOrder): MessageId | '' {
  return order.slice(0, 24);
}

/** `tag`: names the device to be; devices that share one are ordered as if they were one. */
function tagOf(device: string): string {
  return hash32(device).toString(16).padStart(8, '0');
}

/**
 * Gives a message its place when it is recorded. Its own id is kept unless
 * - it does not sort after the last one of the same device (which came to a node whose clock is behind, or sent again what
 *   had been recorded under another id), or
 * - it does not sort after `after`, if the conversation has reached that, or it is no later than a second after `now` (Unix
 *   ms): its message may be on its way; nor after the id that a message
 *   up to `after` was given anew, or
 * - another message has it.
 * Then it gets the first id behind what it has to follow. `others`: those of `addresseesOf` the message. `order` is the
 * sender's, as it is afterwards.
 */
export function placeMessage(
  own: SentOrder,
  others: readonly SentOrder[],
  message: Pick<MessageToRecord, 'messageId' | 'fromDevice' | 'after' | 'from' | 'clientMessageId'>,
  now: number,
): { messageId: MessageId; order: SentOrder } {
  const { messageId: given, fromDevice, after } = message;
  const device = tagOf(fromDevice);
  // Behind everything that is known, and from the device that wrote last: nearly all.
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

/** A message that is kept as `to` was sent once more, as `from`: what was said about it under that id goes on. */
export function noteMoved(order: SentOrder, from: MessageId, to: MessageId): SentOrder {
  if (from >= to) return order;
  const known = parse(order);
  if (known.moved.some((range) => range.from <= from && range.to >= to)) return order;
  return format({ ...known, moved: joined(known.moved, { from, to }) });
}

/** The least id behind another, of this message alone: the tag is made of what names the message. */
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
  // As older versions wrote it: nobody knows which device that was.
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
