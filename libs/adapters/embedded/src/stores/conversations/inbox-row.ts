/** Kinds of inbox rows. Only `incoming` and `outgoing` are messages that `record` wrote. */
export const EntryType = { incoming: 1, outgoing: 2, update: 3 } as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];

/** One entry of an inbox as it is stored; see the table. */
export interface InboxRow {
  at: number;
  type: EntryType;
  conversation: number | null;
  ref: string | null;
  body: string;
  previous: number;
}
