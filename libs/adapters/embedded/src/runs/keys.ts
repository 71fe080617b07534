// Keys are strings of bytes (one a character), whose order is that of the values they were made from.

const NUMBER_BYTES = 6;
const scratch = Buffer.alloc(4_096);

/** The characters that one number takes in a key. */
export const NUMBER_WIDTH = NUMBER_BYTES;

/** The key of numbers, each from 0 to 2^48 - 1. */
export function keyOf(...numbers: readonly number[]): string {
  let at = 0;
  for (const value of numbers) at = scratch.writeUIntBE(value, at, NUMBER_BYTES);
  return scratch.toString('latin1', 0, at);
}

/** The key of a number and a text, which is ordered by its bytes in UTF-8. */
export function keyOfText(number: number, text: string): string {
  if (text.length * 3 > scratch.length - NUMBER_BYTES) return keyOf(number) + Buffer.from(text).toString('latin1');
  scratch.writeUIntBE(number, 0, NUMBER_BYTES);
  return scratch.toString('latin1', 0, NUMBER_BYTES + scratch.write(text, NUMBER_BYTES));
}

/** The number at a place in a key, counted in numbers. */
export function numberIn(key: string, index: number): number {
  let value = 0;
  for (let i = index * NUMBER_BYTES; i < (index + 1) * NUMBER_BYTES; i++) value = value * 0x100 + key.charCodeAt(i);
  return value;
}

/** The text after a key's number. */
export function textIn(key: string): string {
  return Buffer.from(key.slice(NUMBER_BYTES), 'latin1').toString();
}

/** Above every key that begins with this one. */
export function endOf(prefix: string): string {
  return `${prefix}\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff`;
}
