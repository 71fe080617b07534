import {
  contentDigests,
  directAudience,
  directConversation,
  HybridClock,
  ImError,
  type LogEntry,
  type MessageToRecord,
  ownersOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import { expect, vi } from 'vitest';
import type { MysqlEngines } from '../index.ts';

const ids = new HybridClock({ now: () => Date.now(), tag: 11 });
let made = 0;

/** A new message. */
export function messageOf(from: UserId, to: UserId): MessageToRecord {
  made++;
  const content = { text: `text ${made}` };
  return {
    messageId: ids.next(),
    conversationId: directConversation(from, to),
    from,
    fromDevice: 'phone',
    clientMessageId: `key-${made}`,
    kind: 'c2c',
    content,
    sentAt: Date.now(),
    audience: directAudience(from, to),
    digests: contentDigests({ to, kind: 'c2c', content }),
  };
}

export interface Acked {
  message: MessageToRecord;
  outcome: RecordOutcome;
}

/** Clients that record batches, and repeat each until it is acked, as consumers of the bus do. */
export class Traffic {
  readonly users: readonly UserId[];
  readonly acked: Acked[] = [];
  /** Failed calls; each was repeated. */
  failures = 0;
  /** Duration of the longest call, milliseconds. */
  longestMs = 0;
  #running = true;
  readonly #writers: Promise<void>[] = [];

  constructor(users: readonly UserId[]) {
    this.users = users;
  }

  start(engines: MysqlEngines, { writers, batch }: { writers: number; batch: number }): void {
    for (let i = 0; i < writers; i++) this.#writers.push(this.#write(engines, batch));
  }

  /** Resolves once so many further messages are acked. */
  async progress(messages: number, timeout = 60_000): Promise<void> {
    const goal = this.acked.length + messages;
    await vi.waitUntil(() => this.acked.length >= goal, { timeout, interval: 20 });
  }

  /** Lets the writers finish what they have started. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#writers);
  }

  #pick(): [UserId, UserId] {
    const at = Math.floor(Math.random() * this.users.length);
    const other = (at + 1 + Math.floor(Math.random() * (this.users.length - 1))) % this.users.length;
    return [this.users[at] ?? '', this.users[other] ?? ''];
  }

  async #write({ conversations }: MysqlEngines, batch: number): Promise<void> {
    while (this.#running) {
      const messages = Array.from({ length: batch }, () => messageOf(...this.#pick()));
      const outcomes = await this.#untilAcked(() => conversations.record(messages));
      for (const [i, message] of messages.entries()) {
        this.acked.push({ message, outcome: outcomes[i] as RecordOutcome });
      }
    }
  }

  async #untilAcked<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      const start = performance.now();
      try {
        return await call();
      } catch (error) {
        expect(error).toBeInstanceOf(ImError);
        expect((error as ImError).code).toBe('store_unavailable');
        this.failures++;
      } finally {
        this.longestMs = Math.max(this.longestMs, performance.now() - start);
      }
    }
  }
}

/** A user's whole inbox; fails if positions are not contiguous. */
export async function inboxOf({ logs }: MysqlEngines, userId: UserId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(userId, entries.length, 500);
    for (const entry of page.entries) expect(entry.position).toBe(entries.push(entry));
    if (entries.length >= page.head) return entries;
    expect(page.entries).not.toEqual([]);
  }
}

/** C2, C3, C8, C10: every acked message is at its acked place, once, and nothing else is there; counts are exact. */
export async function expectExact(engines: MysqlEngines, { users, acked }: Traffic): Promise<void> {
  const inboxes = new Map<UserId, LogEntry[]>();
  for (const user of users) inboxes.set(user, await inboxOf(engines, user));
  for (const { message, outcome } of acked) {
    if (!('places' in outcome)) expect.fail(`a ${outcome.result} with itself`);
    const { conversationId, from, clientMessageId, audience } = message;
    const entry = { type: 'message', conversationId, messageId: outcome.messageId, from, clientMessageId };
    expect(outcome.places.map(({ log }) => log)).toEqual(audience);
    for (const { log, position } of outcome.places) {
      expect(inboxes.get(log)?.[position - 1]).toEqual({ ...entry, position });
    }
  }
  const total = [...inboxes.values()].reduce((sum, entries) => sum + entries.length, 0);
  expect(total).toBe(2 * acked.length);
  expect((await engines.conversations.recount(null, { repair: false, limit: 1_000 })).drift).toEqual([]);
  for (const user of users) {
    const unread = await engines.conversations.unread(user);
    expect(unread.total).toBe(
      acked.filter(({ message }) => message.from !== user && ownersOf(message.audience).includes(user)).length,
    );
  }
}
