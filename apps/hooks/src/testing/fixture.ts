import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { joinEvents } from '@chasqui/core';
import {
  DEFAULT_LIMITS,
  SERVER_EVENT_TOPIC,
  type ServerEvent,
  type ServerEventType,
  shardOf,
  type WebhookEndpoint,
} from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus, createMemoryServerEvents } from '@chasqui/memory';
import { onTestFinished } from 'vitest';
import { Hooks } from '../hooks.ts';
import type { HooksSettings } from '../settings.ts';
import { Receiver } from './receiver.ts';

const NO_METRICS = { answered() {}, ended() {}, lost() {}, logged() {} };

/** Engines and a receiver, for Hooks processes of one test. */
export class Bench {
  readonly clock: ManualClock = createManualClock();
  readonly receiver = new Receiver();
  readonly bus = createMemoryBus({ clock: this.clock, random: () => 0.5, shards: 2 });
  readonly stores = createMemoryServerEvents();
  #processes = 0;
  #published = 0;

  /** Starts a process; `kill` ends it as kill -9 would: nothing that it does from then on has any effect. */
  start(settings: Partial<HooksSettings> = {}): { hooks: Hooks; kill(): void } {
    const { clock, bus, stores, receiver } = this;
    let isDead = false;
    const connection = bus.connect();
    const mortal = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => (isDead ? new Promise(() => {}) : value.apply(target, args));
        },
      });
    const hooks = new Hooks({
      runtime: {
        nodeId: `hooks-${++this.#processes}`,
        clock,
        random: () => 0.5,
        limits: DEFAULT_LIMITS,
        logger: silentLogger,
        metrics: NO_METRICS,
      },
      engines: { bus: connection, serverEvents: mortal(stores.serverEvents), webhooks: mortal(stores.webhooks) },
      sender: mortal(receiver),
      settings,
    });
    onTestFinished(() => (isDead ? undefined : hooks[Symbol.asyncDispose]()));
    return {
      hooks,
      kill() {
        isDead = true;
        connection.kill();
      },
    };
  }

  async endpoint(fields: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
    const endpoint: WebhookEndpoint = {
      endpointId: 'we_1',
      url: 'https://example.org/hook',
      types: [],
      secrets: [],
      description: '',
      createdAt: this.clock.now(),
      disabled: null,
      version: 1,
      ...fields,
    };
    await this.stores.webhooks.put(endpoint);
    return endpoint;
  }

  /** Publishes the next events: one for each key given. Returns their ids. */
  async publish(...keys: string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const key of keys) {
      const event = this.eventOf(++this.#published, key);
      ids.push(event.id);
      await this.republish(event);
    }
    return ids;
  }

  republish(event: ServerEvent): Promise<void> {
    const shard = shardOf(event.key, this.bus.shards(SERVER_EVENT_TOPIC));
    return this.bus.publish({ topic: SERVER_EVENT_TOPIC, shard, body: joinEvents([JSON.stringify(event)]) });
  }

  eventOf(n: number, key: string): ServerEvent<'message.stored' & ServerEventType> {
    const messageId = n.toString(16).padStart(24, '0');
    const [from = ''] = key.split('~');
    const content = { text: `message ${n}` };
    const data = { messageId, conversationId: key, from, clientMessageId: `c${n}`, kind: 'c2c', content } as const;
    const at = this.clock.now();
    return { id: `message-${messageId}`, type: 'message.stored', key, at, data: { ...data, sentAt: at } };
  }
}
