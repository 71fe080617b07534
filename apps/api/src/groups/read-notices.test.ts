import type { Interval, LogEntry } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { type NoticesScope, readNotices } from './read-notices.ts';

const LOG = '~team';
const idAt = (ms: number) => ms.toString(16).padStart(12, '0').padEnd(24, '0');

/** A log in which these positions are notices, and the others messages of that many ms. */
function logOf(length: number, notices: readonly number[], floor = 0) {
  let reads = 0;
  const entryAt = (position: number): LogEntry => {
    const entry = { conversationId: 'team', position, by: 'ann', at: position } as const;
    if (notices.includes(position)) return { ...entry, type: 'notice', notice: 'joined', version: position };
    return { ...entry, type: 'message', messageId: idAt(position), from: 'ann', clientMessageId: `c${position}` };
  };
  const page = async (_: string, after: number, limit: number) => {
    reads++;
    const from = Math.max(after, floor);
    const count = Math.max(0, Math.min(limit, length - from));
    const entries = Array.from({ length: count }, (_, i) => entryAt(from + 1 + i));
    return { entries, head: length, floor, epoch: 'e' };
  };
  return { page, reads: () => reads };
}

const ALL: readonly Interval[] = [{ after: 0, afterId: '' }];

async function positions(log: ReturnType<typeof logOf>, more: Partial<NoticesScope> & { head: number }) {
  const page = await readNotices(log, LOG, { intervals: ALL, clearedUpTo: '', limit: 50, ...more });
  return { ...page, notices: page.notices.map(({ position }) => position) };
}

describe('the notices of a group', () => {
  test('come newest first, page by page, each once', async () => {
    const log = logOf(700, [1, 2, 300, 301, 699]);
    expect(await positions(log, { head: 700, limit: 2 })).toEqual({ notices: [699, 301], nextBefore: 301, since: 301 });
    const next = { head: 700, before: 301, limit: 2 };
    expect(await positions(log, next)).toEqual({ notices: [300, 2], nextBefore: 2, since: 2 });
    expect(await positions(log, { head: 700, before: 2 })).toEqual({ notices: [1] });
  });

  test('C20: are those of the reader’s stays, and nothing that came after the head that was read before them', async () => {
    const intervals = [
      { after: 10, afterId: '', upTo: 20 },
      { after: 30, afterId: '' },
    ];
    const log = logOf(100, [10, 11, 20, 21, 30, 31, 90, 91]);
    expect((await positions(log, { head: 90, intervals })).notices).toEqual([90, 31, 20, 11]);
    expect((await positions(log, { head: 90, intervals, before: 25 })).notices).toEqual([20, 11]);
  });

  test('C16: a page reads a bounded part of the log, and says how far it came', async () => {
    const log = logOf(5_000, [1]);
    const first = await positions(log, { head: 5_000 });
    expect([first, log.reads()]).toEqual([{ notices: [], nextBefore: 4_001, since: 4_001 }, 4]);
    let before: number | undefined = first.nextBefore;
    const found: number[] = [];
    while (before !== undefined) {
      const page: Awaited<ReturnType<typeof positions>> = await positions(log, { head: 5_000, before });
      found.push(...page.notices);
      before = page.nextBefore;
    }
    expect([found, log.reads()]).toEqual([[1], 20]);
  });

  test('end where the log does, and where the reader has cleared it', async () => {
    expect(await positions(logOf(100, [5, 50, 60], 40), { head: 100 })).toEqual({ notices: [60, 50] });
    expect(await positions(logOf(100, [5, 50, 60]), { head: 100, clearedUpTo: idAt(55) })).toEqual({ notices: [60] });
  });
});
