import type { ChatMessage, Notice } from '@chasqui/client';

/**
 * The notices before each message, by its index; behind the last message, by the number of messages. With
 * `mayHaveOlder`, notices older than the first message are left out, as what was between them is not loaded.
 */
export function noticePlaces(
  messages: readonly Pick<ChatMessage, 'sentAt'>[],
  notices: readonly Notice[],
  mayHaveOlder: boolean,
): Map<number, Notice[]> {
  const places = new Map<number, Notice[]>();
  const first = messages[0]?.sentAt ?? 0;
  for (const notice of notices) {
    if (mayHaveOlder && notice.at < first) continue;
    const behind = messages.findIndex(({ sentAt }) => sentAt > notice.at);
    const place = behind < 0 ? messages.length : behind;
    places.set(place, [...(places.get(place) ?? []), notice]);
  }
  return places;
}

/** Adds notices that came, each once, in the order of the log; the oldest beyond `max` are forgotten. */
export function withNotices(known: readonly Notice[], more: readonly Notice[], max: number): readonly Notice[] {
  const byVersion = new Map([...known, ...more].map((notice) => [notice.version, notice]));
  if (byVersion.size === known.length) return known;
  return [...byVersion.values()].sort((a, b) => a.version - b.version).slice(-max);
}
