import type { ChatMessage, MessageState } from '@chasqui/client';

const order: readonly MessageState[] = ['sending', 'queued', 'failed', 'stored', 'unread', 'delivered', 'read'];

/** The further of the two (C7: states only move forward). */
export function laterState(a: MessageState, b: MessageState): MessageState {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** A message's identity, which never changes, unlike its ids. */
export function identity({ from, clientMessageId }: ChatMessage): string {
  return `${from}/${clientMessageId}`;
}

/**
 * Merges the history and the client library's messages of one conversation: each message once, in the later of its two
 * states. With `mayHaveOlder`, live messages older than the history's first are left to its next page, so that there is
 * no gap.
 */
export function mergeTimeline(
  history: readonly ChatMessage[],
  live: readonly ChatMessage[],
  mayHaveOlder: boolean,
): ChatMessage[] {
  const first = mayHaveOlder ? history[0]?.sortKey : undefined;
  const known = new Map(history.map((message) => [identity(message), message]));
  for (const message of live) {
    const key = identity(message);
    const old = known.get(key);
    if (old !== undefined) known.set(key, merged(old, message));
    else if (first === undefined || message.sortKey > first) known.set(key, message);
  }
  return [...known.values()].sort((a, b) => (a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : 0));
}

function merged(old: ChatMessage, live: ChatMessage): ChatMessage {
  const state = laterState(old.state, live.state);
  // What this device keeps since an earlier version does not say who recalled it.
  if (old.recalledAt !== undefined && live.recalledBy === undefined) return { ...old, state };
  // The history may have been read after this device was told of the message.
  if (isNewer(old.revision, live)) return { ...old, state };
  return state === live.state ? live : { ...live, state };
}

/** Whether this version of a message is newer than the one that is known. */
export function isNewer(revision: number | undefined, known: ChatMessage): boolean {
  return known.recalledAt === undefined && (revision ?? 0) > (known.revision ?? 0);
}
