import type { ChatMessage, Notice } from '@chasqui/client';

/**
 * The notices before each message, by its index; behind the last message, by the number of messages. With `mayHaveOlder`,
 * notices older than the first message are left out, as what was between them is not loaded; with `mayHaveNewer`, those
 * newer than the last.
 */
export function noticePlaces(
  messages: readonly Pick<ChatMessage, 'sentAt'>[],
  notices: readonly Notice[],
  { mayHaveOlder, mayHaveNewer }: { mayHaveOlder: boolean; mayHaveNewer: boolean },
): Map<number, Notice[]> {
  const places = new Map<number, Notice[]>();
  const first = messages[0]?.sentAt ?? 0;
  for (const notice of notices) {
    if (mayHaveOlder && notice.at < first) continue;
    const behind = messages.findIndex(({ sentAt }) => sentAt > notice.at);
    if (mayHaveNewer && behind < 0) continue;
    const place = behind < 0 ? messages.length : behind;
    const there = places.get(place);
    if (there === undefined) places.set(place, [notice]);
    else there.push(notice);
  }
  return places;
}

/** Those that are newer than a time (Unix ms); the same array if all are. */
export function noticesAfter(notices: readonly Notice[], time: number): readonly Notice[] {
  return notices.every(({ at }) => at > time) ? notices : notices.filter(({ at }) => at > time);
}

/** Adds notices that came, each once, in the order of the log; the oldest beyond `max` are forgotten. */
export function withNotices(known: readonly Notice[], more: readonly Notice[], max: number): readonly Notice[] {
  const byVersion = new Map([...known, ...more].map((notice) => [notice.version, notice]));
  if (byVersion.size === known.length) return known;
  return [...byVersion.values()].sort((a, b) => a.version - b.version).slice(-max);
}
