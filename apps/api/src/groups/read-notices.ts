import { type Interval, type LogEntry, type LogId, type MessageId, type Position, timeOf } from '@chasqui/domain';
import type { UpdateLog } from '@chasqui/ports';

/** Entries of the log that one read brings. */
const PIECE = 250;
/** How many reads are made for one page: one with few notices among many messages is shorter. */
const MAX_READS = 4;

export type NoticeEntry = Extract<LogEntry, { type: 'notice' }>;

export interface NoticesPage {
  /** Newest first. */
  notices: NoticeEntry[];
  /** Where the next page starts; absent: this is the last one. */
  nextBefore?: Position;
  /** Unix ms: all that happened since then is in this page, or in those before. Present with `nextBefore`. */
  since?: number;
}

export interface NoticesScope {
  /** What the reader may see of the log (C20), and its head at that time. */
  intervals: readonly Interval[];
  head: Position;
  before?: Position;
  clearedUpTo: MessageId | '';
  limit: number;
}

/** A page of what happened in a group, as far as its log is kept and the reader has not cleared it. */
export async function readNotices(
  logs: Pick<UpdateLog, 'page'>,
  log: LogId,
  { intervals, head, before = head + 1, clearedUpTo, limit }: NoticesScope,
): Promise<NoticesPage> {
  const notices: NoticeEntry[] = [];
  let since = 0;
  let reads = 0;
  for (const { after, upTo = head } of intervals.toReversed()) {
    let last = Math.min(upTo, head, before - 1);
    while (last > after) {
      if (reads++ === MAX_READS) return { notices, nextBefore: last + 1, since };
      const first = Math.max(after, last - PIECE);
      const { entries, floor } = await logs.page(log, first, last - first);
      for (const entry of entries.filter(({ position }) => position <= last).toReversed()) {
        if (entry.type === 'message' && entry.messageId <= clearedUpTo) return { notices };
        since = timeOfEntry(entry) ?? since;
        if (entry.type !== 'notice') continue;
        notices.push(entry);
        if (notices.length === limit) return { notices, nextBefore: entry.position, since };
      }
      if (floor > first) return { notices };
      last = first;
    }
  }
  return { notices };
}

function timeOfEntry(entry: LogEntry): number | undefined {
  if (entry.type === 'message') return timeOf(entry.messageId);
  return entry.type === 'notice' ? entry.at : undefined;
}
