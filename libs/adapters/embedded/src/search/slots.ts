import { type MessageId, parseMessageId, timeOf } from '@chasqui/domain';

/** Slots per millisecond. */
const SLOTS = 4_096;
/** Slots are whole numbers below 2^53 until the year 2089. */
const START = Date.UTC(2020, 0, 1);
/**
 * Messages beyond SLOTS in one millisecond (if the machine's clock stands still) use slots of up to this many later
 * milliseconds.
 */
const SPILL_MS = 64;

/** The first slot of a millisecond. */
export function slotBase(millis: number): number {
  return (millis - START) * SLOTS;
}

/** Every message with a smaller id than `before` has a slot below this. */
export function slotsBelow(before: string): number {
  return slotBase(timeOf(before) + 1 + SPILL_MS);
}

/** Where a message can be: the first of these places that is free ends the search for it. */
export function slotFor(id: MessageId, attempt: number): number {
  const { millis, counter, tag } = parseMessageId(id);
  return slotBase(millis + Math.floor(attempt / SLOTS)) + ((counter + tag + attempt) % SLOTS);
}
