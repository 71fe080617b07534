import type { Row } from '../../sqlite/database.ts';

/**
 * A message's row id: its number in the order of arrival. Before version 10, twice that number, plus the sender's place
 * in the conversation's id.
 */
export type Seq = number;

/** A row of the table of messages. */
export interface MessageRow {
  seq: Seq;
  id: string;
  conversation: number;
  steps: string;
  /** The message's text. */
  body: string;
  /** Null: a row from before checksums. */
  checksum: number | null;
  recalledAt: number | null;
  /**
   * This column and the next are null in rows from before version 10, whose bodies hold the values (see
   * former-messages.ts).
   */
  sender: number | null;
  audience: readonly number[] | null;
  /** Null in rows from before version 10; 1 if recalled there. */
  revision: number | null;
}

/** In the order of `messageValues`. */
export const MESSAGE_COLUMNS = 'seq, id, conversation, steps, body, checksum, recalled_at, sender, audience, revision';

export function messageValues(row: MessageRow): Row {
  const audience = row.audience === null ? null : row.audience.join(',');
  // biome-ignore format: one line, as the columns
  return [
    row.seq, row.id, row.conversation, row.steps, row.body, row.checksum, row.recalledAt, row.sender, audience, row.revision,
  ];
}

export function messageRowOf(values: Row): MessageRow {
  const [seq, id, conversation, steps, body, checksum, recalledAt, sender, audience, revision] = values as [
    ...[Seq, string, number, string, string, number | null, number | null, number | null, string | null, number | null],
  ];
  return {
    seq,
    id,
    conversation,
    steps,
    body,
    checksum,
    recalledAt,
    sender,
    revision,
    audience: audience === null ? null : audience.split(',').map(Number),
  };
}
