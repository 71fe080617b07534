import { createHash } from 'node:crypto';
import { encodeMessage, type StoredMessage } from '@chasqui/domain';
import type { MovedRow } from '@chasqui/ports';

const BITS = 128;

/** How many rows there are, and a digest of them that does not depend on their order. */
export interface RowsDigest {
  rows: number;
  /** The sum of the first 128 bits of the SHA-256 of each row, in hexadecimal. Equal rows do not cancel each other. */
  digest: string;
}

/** Adds up the digest of rows. */
export class DigestWriter {
  #rows = 0;
  #sum = 0n;

  add(row: MovedRow): void {
    this.#rows++;
    const bytes = createHash('sha256').update(JSON.stringify(row)).digest();
    this.#sum = BigInt.asUintN(BITS, this.#sum + bytes.readBigUInt64BE(0) * 2n ** 64n + bytes.readBigUInt64BE(8));
  }

  get result(): RowsDigest {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(BITS / 4, '0') };
  }
}

/** A message as a row: its text, who it is for, and all that happened to it. */
export function messageRow(message: StoredMessage): MovedRow {
  const { conversationId, messageId, audience, revision, recalledAt = null } = message;
  const statuses = Object.entries(message.statuses).sort(([a], [b]) => (a < b ? -1 : 1));
  const steps = message.steps.map(({ state, at, node, retries = 0 }) => [state, at, node, retries]);
  return [
    ...[conversationId, messageId, audience.join(','), encodeMessage(message).text],
    ...[JSON.stringify(statuses), JSON.stringify(steps), revision, recalledAt],
  ];
}
