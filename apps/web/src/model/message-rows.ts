import type { ChatMessage, Notice } from '@chasqui/client';
import { firstUnread } from './first-unread.ts';
import { noticePlaces } from './notice-places.ts';
import { dayOf } from './time-names.ts';
import { identity } from './timeline.ts';

/** Messages of one sender this close together are grouped. */
const GROUP_MS = 5 * 60_000;

/** What the list of messages shows, one below the other. Keys stay as long as what they name. */
export type Row = { readonly key: string } & (
  | { readonly kind: 'day'; readonly at: number }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'unread' }
  | {
      readonly kind: 'message';
      readonly message: ChatMessage;
      /** It follows closely on a message of the same sender. */
      readonly joined: boolean;
      /** The newest own message: its state is shown as text. */
      readonly tellsState: boolean;
    }
);

export interface RowSources {
  messages: readonly ChatMessage[];
  notices: readonly Notice[];
  /** The user's mark when the conversation was opened; undefined: nothing was unread. */
  unreadAfter: string | undefined;
  mayHaveOlder: boolean;
  mayHaveNewer: boolean;
}

/** The messages with their separators: days, what happened in the group, and the start of the unread ones. */
export function messageRows({ messages, notices, unreadAfter, ...part }: RowSources): Row[] {
  const rows: Row[] = [];
  const places = noticePlaces(messages, notices, part);
  const lastOwn = messages.findLast(({ mine, recalledAt }) => mine && recalledAt === undefined);
  const unread = firstUnread(messages, unreadAfter);
  let day: number | undefined;
  let before: ChatMessage | undefined;

  function dayRow(at: number): void {
    const next = dayOf(at);
    if (day !== undefined && next <= day) return;
    day = next;
    rows.push({ kind: 'day', key: `day/${day}`, at });
  }

  function noticeRows(index: number): void {
    for (const notice of places.get(index) ?? []) {
      dayRow(notice.at);
      rows.push({ kind: 'notice', key: `notice/${notice.version}`, notice });
    }
  }

  for (const [index, message] of messages.entries()) {
    const count = rows.length;
    noticeRows(index);
    dayRow(message.sentAt);
    if (message === unread) rows.push({ kind: 'unread', key: 'unread' });
    const isFirst = rows.length > count || before === undefined;
    const joined = !isFirst && before?.from === message.from && message.sentAt - before.sentAt < GROUP_MS;
    rows.push({ kind: 'message', key: identity(message), message, joined, tellsState: message === lastOwn });
    before = message;
  }
  noticeRows(messages.length);
  return rows;
}

/** One day of the rows that are shown; its first row is the day's name, also if only the end of the day is shown. */
export interface RowGroup {
  readonly key: string;
  readonly at: number;
  readonly rows: readonly Exclude<Row, { kind: 'day' }>[];
}

/** The rows from `first` to before `last`, by day. */
export function rowDays(rows: readonly Row[], first: number, last: number): RowGroup[] {
  const days: { key: string; at: number; rows: Exclude<Row, { kind: 'day' }>[] }[] = [];
  const begun = dayIndex(rows, first);
  for (const row of [...(begun < first ? rows.slice(begun, begun + 1) : []), ...rows.slice(first, last)]) {
    if (row.kind === 'day') days.push({ key: row.key, at: row.at, rows: [] });
    else days.at(-1)?.rows.push(row);
  }
  return days;
}

/** The index of the name of the day to which a row belongs. */
function dayIndex(rows: readonly Row[], index: number): number {
  let at = Math.min(index, rows.length - 1);
  while (at > 0 && rows[at]?.kind !== 'day') at--;
  return Math.max(0, at);
}
