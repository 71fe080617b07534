import type { ChatMessage } from '@chasqui/client';
import { laterState } from './message-state.ts';

/** A message's identity: its ids may change, this does not. */
export function identity({ from, clientMessageId }: ChatMessage): string {
  return `${from}/${clientMessageId}`;
}

/**
 * One conversation from what the history gave and what the client library has received, each message once and as far
 * on as either knows it. With `mayHaveOlder`, live messages below the history's first are left to its next page: what
 * is shown has no gap.
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
  if (old.recalledAt !== undefined && live.recalledAt === undefined) return { ...old, state };
  return state === live.state ? live : { ...live, state };
}
