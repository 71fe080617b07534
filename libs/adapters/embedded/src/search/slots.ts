import { timeOf } from '@chasqui/domain';

/** Row ids per millisecond. */
export const SLOTS = 4_096;
/** Row ids are whole numbers below 2^53 until the year 2089. */
const START = Date.UTC(2020, 0, 1);
/**
 * Messages beyond SLOTS in one millisecond (if the machine's clock stands still) use row ids of up to this many later
 * milliseconds.
 */
const SPILL_MS = 64;

/** The first row id of a millisecond. */
export function slotBase(millis: number): number {
  return (millis - START) * SLOTS;
}

/** Every message with a smaller id than `before` has a row id below this. */
export function slotsBelow(before: string): number {
  return slotBase(timeOf(before) + 1 + SPILL_MS);
}
