import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { joinEvents } from '@chasqui/core';
import {
  contentDigests,
  DEFAULT_LIMITS,
  directAudience,
  directConversation,
  encodeMessage,
  HybridClock,
  initialProfile,
  type Profile,
  PUSH_GROUP,
  PUSH_PROVIDERS,
  PUSH_TOPIC,
  type PushOutcome,
  type PushProvider,
  type PushRegistration,
  type PushTask,
} from '@chasqui/domain';
import { createMetrics, silentLogger } from '@chasqui/kit';
import {
  createMemoryBus,
  createMemoryConversations,
  createMemoryDevices,
  createMemoryMessages,
  createMemoryPresence,
  createMemoryProfiles,
  createMemoryPushOutcomes,
  createMemoryRateLimits,
  createMemoryRelations,
  createMemoryRevocations,
  createMemoryServerEvents,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import { onTestFinished } from 'vitest';
import { Push, type PushOptions } from '../push.ts';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import type { PushSettings } from '../settings.ts';

/** The outcome of the phone when APNs takes the first attempt. */
export const accepted = { deviceId: 'phone', result: 'accepted', reason: 'sent', provider: 'apns', attempts: 1 };

/** A fake provider: the notifications it got, and the answers it gives next (afterwards it accepts). */
export interface FakeProvider extends PushSender {
  readonly sent: PushNotification[];
  /** In order. A function decides itself when it answers, if ever. */
  readonly answers: (SendResult | (() => Promise<SendResult>))[];
}

function fakeProvider(): FakeProvider {
  const provider: FakeProvider = {
    sent: [],
    answers: [],
    async send(notification) {
      provider.sent.push(notification);
      const answer = provider.answers.shift() ?? { type: 'accepted' };
      return typeof answer === 'function' ? answer() : answer;
    },
    async [Symbol.asyncDispose]() {},
  };
  return provider;
}

export function memoryEngines(clock: ManualClock) {
  const ids = new HybridClock({ now: () => clock.now(), tag: 3 });
  const { presence, nodes } = createMemoryPresence({ clock });
  const { conversations, conversationStates, groups } = createMemoryConversations({ clock, ids });
  return {
    bus: createMemoryBus({ clock, random: () => 0.5, shards: 4 }),
    conversations,
    conversationStates,
    groups,
    messages: createMemoryMessages(),
    profiles: createMemoryProfiles(),
    ...createMemoryRelations(),
    devices: createMemoryDevices(),
    revocations: createMemoryRevocations(),
    pushOutcomes: createMemoryPushOutcomes(),
    ...createMemoryServerEvents(),
    unreadCache: createMemoryUnreadCache({ clock }),
    rateLimits: createMemoryRateLimits({ clock }),
    presence,
    nodes,
    ids,
  };
}

export type MemoryEngines = ReturnType<typeof memoryEngines>;

export interface WorldOptions {
  providers?: readonly PushProvider[];
  settings?: Partial<PushSettings>;
  /** Replaces engines. */
  spoil?(engines: MemoryEngines): Partial<PushOptions['engines']>;
}

/** Push with engines in memory, fake providers, and a clock that the test moves. Ann writes to Bob. */
export function pushWorld({ providers = ['apns'], settings = {}, spoil = () => ({}) }: WorldOptions = {}) {
  const clock = createManualClock();
  const engines = memoryEngines(clock);
  const senders = Object.fromEntries(providers.map((name) => [name, fakeProvider()])) as {
    [P in PushProvider]: FakeProvider;
  };
  const metrics = createMetrics({ app: 'push' });
  const start = (shown = createMetrics({ app: 'push' })) =>
    new Push({
      runtime: {
        nodeId: 'push-1',
        clock,
        random: () => 0.5,
        limits: DEFAULT_LIMITS,
        logger: silentLogger,
        metrics: shown,
      },
      engines: { ...engines, ...spoil(engines) },
      senders,
      order: PUSH_PROVIDERS,
      settings,
    });
  let push = start(metrics);
  const stop = async () => {
    const disposed = push[Symbol.asyncDispose]();
    await clock.advance(5_000);
    await disposed;
  };
  onTestFinished(stop);
  return {
    clock,
    engines,
    senders,
    metrics,
    /** Replaces the first process by another one. */
    async restart() {
      await stop();
      push = start();
    },
    /** Stores a message as Business does, and returns its push task. */
    async stored(text: string, from = 'ann', to = 'bob'): Promise<PushTask> {
      const messageId = engines.ids.next();
      const conversationId = directConversation(from, to);
      const message = {
        messageId,
        conversationId,
        from,
        fromDevice: 'web',
        kind: 'c2c' as const,
        clientMessageId: messageId,
        content: { text },
        sentAt: clock.now(),
        audience: directAudience(from, to),
      };
      await engines.conversations.record([{ ...message, digests: contentDigests({ ...message, to }) }]);
      await engines.messages.put([{ ...encodeMessage(message), steps: [] }]);
      return { messageId, conversationId, from, to, at: clock.now() };
    },
    async publish(...tasks: readonly unknown[]): Promise<void> {
      const body = joinEvents(tasks.map((task) => JSON.stringify(task)));
      await engines.bus.publish({ topic: PUSH_TOPIC, shard: 0, body });
    },
    /** Registers a device, bob's by default. */
    async register(
      provider: PushProvider,
      fields: Partial<PushRegistration> & { deviceId?: string; userId?: string } = {},
    ) {
      const { deviceId = 'phone', userId = 'bob', ...rest } = fields;
      const registration = { provider, token: `${provider}-token`, app: '', language: '', at: clock.now(), ...rest };
      await engines.devices.register({ userId, deviceId, platform: 'ios' }, registration);
    },
    async profile(userId: string, change: (profile: Profile) => void) {
      const profile = { ...initialProfile(userId), version: 1 };
      change(profile);
      await engines.profiles.put(profile);
    },
    /** Outcomes without their times and node. */
    async outcomes({ messageId }: Pick<PushTask, 'messageId'>) {
      const [outcomes = []] = await engines.pushOutcomes.list([messageId]);
      return outcomes.map(({ deviceId, result, reason, provider, attempts }: PushOutcome) => ({
        deviceId,
        result,
        reason,
        provider,
        attempts,
      }));
    },
    /** Bus messages that Push has not handled yet. */
    async waiting(): Promise<number> {
      const lag = await engines.bus.lag(PUSH_TOPIC, PUSH_GROUP);
      return lag.reduce((sum, { waiting }) => sum + waiting, 0);
    },
  };
}
