import { CONVERSATION_TOPIC, type LogEntry, positionIn } from '@chasqui/domain';
import { expect } from 'vitest';
import type { EmbeddedEngines } from '../index.ts';
import { receiverOf } from './direct-messages.ts';
import { type Acked, only } from './kill-journal.ts';

/** A whole log; expects contiguous positions (C10). */
export async function inboxOf({ logs }: EmbeddedEngines, userId: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(userId, entries.length, 500);
    for (const entry of page.entries) expect(entry.position).toBe(entries.push(entry));
    if (entries.length >= page.head) return entries;
    expect(page.entries).not.toEqual([]);
  }
}

/** C2, C10: every acked record is at its position in both inboxes. */
export async function expectRecorded(engines: EmbeddedEngines, acked: readonly Acked[]): Promise<void> {
  const inboxes = new Map<string, LogEntry[]>();
  for (let i = 0; i < 12; i++) inboxes.set(`user${i}`, await inboxOf(engines, `user${i}`));
  for (const { messages, outcomes } of only(acked, 'recorded')) {
    for (const [i, { conversationId, from, audience, clientMessageId }] of messages.entries()) {
      const outcome = outcomes[i];
      if (outcome?.result !== 'recorded') expect.fail(`a fresh message was ${outcome?.result}`);
      const { messageId, places } = outcome;
      const entry = { type: 'message', conversationId, messageId, from, clientMessageId };
      expect(places).toHaveLength(2);
      for (const log of audience) {
        const position = positionIn(places, log);
        expect(inboxes.get(log)?.[position - 1]).toEqual({ ...entry, position });
      }
    }
  }
  for (const { userId, position, update } of only(acked, 'appended')) {
    expect(inboxes.get(userId)?.[position - 1]).toEqual({ ...update, position });
  }
}

/** C8: unread counts are what the inboxes say. */
export async function expectCounted(engines: EmbeddedEngines, acked: readonly Acked[]): Promise<void> {
  const { users, drift } = await engines.conversations.recount(null, { repair: false, limit: 100 });
  const recorded = only(acked, 'recorded').flatMap(({ messages }) => messages.flatMap(({ audience }) => audience));
  expect(users).toBeGreaterThanOrEqual(new Set(recorded).size);
  expect(drift).toEqual([]);
}

/** C2, C3: every acked message is stored whole, once, and as far as was acked. */
export async function expectStored(engines: EmbeddedEngines, acked: readonly Acked[]): Promise<void> {
  const raised = new Set(only(acked, 'raised').flatMap(({ messages }) => messages.map(({ messageId }) => messageId)));
  const stored = only(acked, 'put').flatMap(({ messages }) => messages);
  const found = await engines.messages.get(stored);
  for (const [i, message] of stored.entries()) {
    expect(found[i]).toMatchObject(message);
    if (raised.has(message.messageId)) expect(found[i]?.statuses).toEqual({ [receiverOf(message)]: 'delivered' });
  }
  for (const conversationId of new Set(stored.map((message) => message.conversationId))) {
    const page = await engines.messages.page(conversationId, { limit: 100_000 });
    const pageIds = page.map(({ messageId }) => messageId);
    expect(pageIds).toEqual([...new Set(pageIds)].sort().reverse());
    const expected = stored.filter((message) => message.conversationId === conversationId);
    expect(new Set(pageIds).isSupersetOf(new Set(expected.map(({ messageId }) => messageId)))).toBe(true);
  }
}

/** C1, C5: everything acked as published is delivered, in order. */
export async function expectDelivered(engines: EmbeddedEngines, acked: readonly Acked[]): Promise<void> {
  const seen = new Map<number, string[]>();
  const fresh = engines.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'afterwards',
    async handle(batch) {
      for (const { shard, body } of batch) seen.set(shard, [...(seen.get(shard) ?? []), body]);
    },
  });
  await expect.poll(() => engines.bus.lag(CONVERSATION_TOPIC, 'afterwards'), { timeout: 20_000 }).toEqual([]);
  await fresh[Symbol.asyncDispose]();
  for (const shard of [0, 1, 2]) {
    const published = only(acked, 'published').flatMap((one) => (one.shard === shard ? [one.body] : []));
    const delivered = seen.get(shard) ?? [];
    const kept = new Set(delivered);
    expect(published.filter((body) => !kept.has(body))).toEqual([]);
    // Messages that were published but not acked may also arrive.
    const wanted = new Set(published);
    expect(delivered.filter((body) => wanted.has(body))).toEqual(published);
  }
}
