import {
  addresseesOf,
  directAudience,
  encodeMessage,
  HybridClock,
  type Message,
  type MessageStatus,
  overallStatus,
  statusRank,
} from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import type { MessageStore } from '@chasqui/ports';
import { pause } from './real.ts';

const BATCH = 10;
const CONVERSATIONS = 50;

/** Puts and raises continuously, and remembers what was acked. Failed calls are repeated, as a consumer does. */
export class Load implements AsyncDisposable {
  /** The acked status of each message, which the store must have. */
  readonly acked = new Map<string, { message: Message; status: MessageStatus }>();
  failures = 0;
  /** Duration of the longest call, ms. */
  slowestMs = 0;
  readonly #store: MessageStore;
  readonly #ids = new HybridClock({ now: () => Date.now(), tag: Math.floor(Math.random() * 2 ** 32) });
  readonly #lanes: Promise<void>[] = [];
  #stopped = false;
  #made = 0;

  constructor(store: MessageStore, lanes = 3) {
    this.#store = store;
    for (let i = 0; i < lanes; i++) this.#lanes.push(this.#run());
  }

  /** Resolves when every started call has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#lanes);
  }

  /** Acked messages that are missing or whose status is too low. Empty: none. */
  async missing(): Promise<string[]> {
    const missing: string[] = [];
    const all = [...this.acked.values()];
    for (let at = 0; at < all.length; at += 200) {
      const part = all.slice(at, at + 200);
      const found = await this.#store.get(part.map(({ message }) => message));
      for (const [i, { message, status }] of part.entries()) {
        const stored = found[i];
        if (stored == null || statusRank(overallStatus(stored)) < statusRank(status)) missing.push(message.messageId);
      }
    }
    return missing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const batch = Array.from({ length: BATCH }, () => this.#message());
      await this.#untilDone(() => this.#store.put(batch.map((message) => ({ ...encodeMessage(message), steps: [] }))));
      for (const message of batch) this.acked.set(message.messageId, { message, status: 'stored' });
      const raised = batch.slice(0, BATCH / 2);
      const changes = raised.map((message) => ({
        ...message,
        member: addresseesOf(message)[0] ?? '',
        status: 'delivered' as const,
        at: Date.now(),
        node: 'n',
      }));
      await this.#untilDone(() => this.#store.raise(changes));
      for (const message of raised) this.acked.set(message.messageId, { message, status: 'delivered' });
    }
  }

  async #untilDone(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const startedAt = performance.now();
      try {
        await work();
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== 'store_unavailable') throw error;
        this.failures++;
        await pause(systemClock, 100);
      } finally {
        this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
      }
    }
  }

  #message(): Message {
    this.#made++;
    const to = `peer${this.#made % CONVERSATIONS}`;
    return {
      messageId: this.#ids.next(),
      conversationId: `ann~${to}`,
      from: 'ann',
      fromDevice: 'phone',
      clientMessageId: `key-${this.#made}`,
      kind: 'c2c',
      content: { text: `text ${this.#made}` },
      sentAt: Date.now(),
      audience: directAudience('ann', to),
    };
  }
}
