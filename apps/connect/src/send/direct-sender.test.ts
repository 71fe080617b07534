import { createManualClock } from '@chasqui/contracts';
import { BlockList, type DeliveryRouter, EventPublisher, type RoutedDelivery } from '@chasqui/core';
import { DEFAULT_LIMITS, defined, HybridClock, ImError } from '@chasqui/domain';
import { createMetrics, silentLogger } from '@chasqui/kit';
import type { Connection, MessageBus } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { createConnectMetrics } from '../connect-metrics.ts';
import type { OfflineReporter } from '../deliver/offline-reporter.ts';
import type { Unacked } from '../deliver/push-watch.ts';
import { Session } from '../sessions/session.ts';
import { DirectSender } from './direct-sender.ts';

type Frame = { type: string; [field: string]: unknown };
type Publish = Partial<MessageBus>['publish'];

/** Ann's phone on a node whose bus answers as the test says; `reached`: how many of a receiver's sessions there are. */
function sending(publish: NonNullable<Publish>, reached = 1) {
  const clock = createManualClock();
  const limits = DEFAULT_LIMITS;
  const told: Frame[] = [];
  const pushed: { to: string; frame: Frame }[] = [];
  const reported: string[] = [];
  const tell = (text: string) => {
    told.push(JSON.parse(text));
    return 'sent' as const;
  };
  const connection = { id: 'c', subprotocol: '', send: tell };
  const session = new Session(connection as Partial<Connection> as Connection, 's1', 0);
  Object.assign(session, { userId: 'ann', deviceId: 'phone', state: 'open' });
  const router = {
    async route(deliveries: readonly RoutedDelivery[]) {
      for (const { userId, frame } of deliveries) pushed.push({ to: userId, frame: JSON.parse(frame) });
      return deliveries.map(() => reached);
    },
  };
  const offline = {
    async report(unacked: readonly Unacked[]) {
      reported.push(...unacked.map(({ userId }) => userId));
    },
  };
  const sender = new DirectSender({
    nodeId: 'n1',
    clock,
    limits,
    ids: new HybridClock({ now: clock.now, tag: 1 }),
    logger: silentLogger,
    publisher: new EventPublisher({
      bus: { shards: () => 1, publish } as Partial<MessageBus> as MessageBus,
      clock,
      limits,
    }),
    admission: { message() {}, event() {} } as never,
    router: router as Partial<DeliveryRouter> as DeliveryRouter,
    // Nobody sent any of it before.
    dedup: { claim: async (claims) => [...claims], async [Symbol.asyncDispose]() {} },
    blocks: new BlockList({
      blocks: { blocked: async (pairs) => pairs.map(() => false) },
      clock,
      logger: silentLogger,
    }),
    blockedSenders: 'refuse',
    offline: offline as Partial<OfflineReporter> as OfflineReporter,
    metrics: createConnectMetrics(createMetrics({ app: 'connect' })),
    tracing: undefined,
  });
  const send = (clientMessageId: string, follows?: string) =>
    sender.send(session, {
      type: 'chat',
      clientMessageId,
      to: 'bob',
      content: { text: clientMessageId },
      ...defined({ follows }),
    });
  return { clock, told, pushed, reported, send, session };
}

const pushedTo = ({ pushed }: ReturnType<typeof sending>, to: string) =>
  pushed.filter((one) => one.to === to).map(({ frame }) => frame.type);

describe('a message and the bus', () => {
  test('C1: its sender is told that it is queued once it is, and not before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const world = sending(() => promise);
    world.send('m1');
    await world.clock.advance(1_000);
    expect([world.told, pushedTo(world, 'bob')]).toEqual([[], ['chat']]);
    resolve();
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'send_ack', clientMessageId: 'm1' }]);
    expect(world.session.inFlight).toBe(0);
  });

  test('C12: where the bus does not answer, the sender may try again, and what was pushed is taken back everywhere', async () => {
    const world = sending(() => new Promise(() => {}));
    world.send('m1');
    await world.clock.advance(DEFAULT_LIMITS.publishDeadlineMs);
    expect(world.told).toMatchObject([{ type: 'error', code: 'bus_unavailable', retry: 'backoff', ref: 'm1' }]);
    expect(pushedTo(world, 'bob')).toEqual(['chat', 'retract']);
    expect(pushedTo(world, 'ann')).toEqual(['chat', 'retract']);
    const [first, , taken] = world.pushed.map(({ frame }) => frame.messageId);
    expect(taken).toBe(first);
    expect(world.session.inFlight).toBe(0);
  });

  test('C12: the same where the bus refuses', async () => {
    const world = sending(() => Promise.reject(new ImError('overloaded', 'the log is full')));
    world.send('m1');
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'error', code: 'overloaded', ref: 'm1' }]);
    expect(pushedTo(world, 'bob')).toEqual(['chat', 'retract']);
  });

  test('C5: what follows a message that failed is not sent', async () => {
    const world = sending(() => Promise.reject(new ImError('bus_unavailable', 'away')));
    world.send('m1');
    await world.clock.advance(0);
    expect(() => world.send('m2', 'm1')).toThrow(expect.objectContaining({ code: 'predecessor_missing' }));
  });

  test('C5: what follows a message goes on behind it', async () => {
    const world = sending(async () => {});
    world.send('m1');
    world.send('m2', 'm1');
    await world.clock.advance(0);
    expect(world.told.map(({ type, clientMessageId }) => `${type} ${clientMessageId}`)).toEqual([
      'send_ack m1',
      'send_ack m2',
    ]);
  });

  test('C9: a message that reached nobody is reported as offline once it is queued; one that did not get there is not', async () => {
    const good = sending(async () => {}, 0);
    good.send('m1');
    await good.clock.advance(0);
    expect(good.reported).toEqual(['bob']);
    const bad = sending(() => Promise.reject(new ImError('bus_unavailable', 'away')), 0);
    bad.send('m1');
    await bad.clock.advance(0);
    expect(bad.reported).toEqual([]);
    const reached = sending(async () => {}, 1);
    reached.send('m1');
    await reached.clock.advance(0);
    expect(reached.reported).toEqual([]);
  });
});
