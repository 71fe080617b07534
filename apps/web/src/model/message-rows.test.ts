import type { Notice } from '@chasqui/client';
import { expect, test } from 'vitest';
import { ownMessage, sampleMessage } from '../testing/sample-message.ts';
import { messageRows, rowDays } from './message-rows.ts';

const NOON = new Date('2026-11-22T12:00:00').getTime();
const MINUTE = 60_000;
const DAY = 86_400_000;
const at = (n: number, sentAt: number) => sampleMessage(n, { sentAt });
const all = { notices: [], unreadAfter: undefined, mayHaveOlder: false, mayHaveNewer: false };
const kinds = (rows: readonly { kind: string }[]) => rows.map(({ kind }) => kind).join(' ');

test('messages of one sender that are close together are joined, and no others', () => {
  const messages = [
    at(1, NOON),
    at(2, NOON + MINUTE),
    at(3, NOON + 10 * MINUTE),
    ownMessage(4, { sentAt: NOON + 10 * MINUTE }),
  ];
  const rows = messageRows({ ...all, messages });
  expect(rows.map((row) => (row.kind === 'message' ? row.joined : row.kind))).toEqual([
    'day',
    false,
    true,
    false,
    false,
  ]);
  expect(rows.filter((row) => row.kind === 'message' && row.tellsState)).toHaveLength(1);
});

test('each day has its name, the unread ones their line, and nothing joins over them', () => {
  const messages = [at(1, NOON - DAY), at(2, NOON), at(3, NOON + 1), at(4, NOON + 2)];
  const rows = messageRows({ ...all, messages, unreadAfter: messages[2]?.messageId });
  expect(kinds(rows)).toBe('day message day message message unread message');
  expect(rows.map((row) => row.kind === 'message' && row.joined)).toEqual([
    ...Array(4).fill(false),
    true,
    false,
    false,
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test('what happened in a group is at its place, on its day', () => {
  const notice = { version: 7, at: NOON - DAY } as Notice;
  const rows = messageRows({ ...all, messages: [at(1, NOON)], notices: [notice] });
  expect(kinds(rows)).toBe('day notice day message');
});

test('rows are shown by day, also from the middle of one', () => {
  const rows = messageRows({ ...all, messages: [at(1, NOON - DAY), at(2, NOON), at(3, NOON + 1), at(4, NOON + 2)] });
  const shown = (first: number, last: number) =>
    rowDays(rows, first, last).map(({ at, rows }) => [at, ...rows.map(({ key }) => key)]);
  expect(shown(0, 3)).toEqual([[NOON - DAY, 'bob/c1'], [NOON]]);
  expect(shown(4, 6)).toEqual([[NOON, 'bob/c3', 'bob/c4']]);
  expect(shown(0, 0)).toEqual([]);
});
