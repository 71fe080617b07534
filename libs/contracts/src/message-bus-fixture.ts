import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import type { BusDelivery, ConsumeOptions, MessageBus } from '@chasqui/ports';
import { afterEach } from 'vitest';
import { type Harness, subjectOf, until } from './harness.ts';

export interface BusHarness extends Harness<MessageBus> {
  /**
   * Only where processes share the engine: another process on it, and a function that kills or freezes it, so that its
   * members stop without leaving.
   */
  connect?(): Promise<{ bus: MessageBus; kill(): Promise<void> }>;
}

/** The topic of the tests; a bus under test gives it at least this many shards. */
export const TOPIC = CONVERSATION_TOPIC;
export const SHARDS = 8;
/** The groups of the tests. */
export const GROUPS = ['first', 'second'] as const;

/** A handler waits here until the test opens the gate. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function poison(): ImError {
  return new ImError('content_invalid', 'can never succeed');
}

/** The shared parts of one `describe`: the bus, shorthands, and the messages received. */
export function busFixture(harness: BusHarness) {
  const gates: Gate[] = [];
  // Registered after the subject's hook, so it runs before it: at disposal no handler of the bus is blocked.
  const subject = subjectOf(harness, (bus) => [bus]);
  afterEach(() => {
    for (const gate of gates.splice(0)) gate.open();
  });

  return {
    subject,
    gate(): Gate {
      const { promise, resolve } = Promise.withResolvers<void>();
      const gate = { opened: promise, open: resolve };
      gates.push(gate);
      return gate;
    },
    /** Publishes bodies to a shard in order, each after the bus took the previous one. */
    async publish(shard: number, ...bodies: (string | number)[]): Promise<void> {
      for (const body of bodies) await subject.current.publish({ topic: TOPIC, shard, body: JSON.stringify([body]) });
    },
    consume(handle: ConsumeOptions['handle'], options: Partial<ConsumeOptions> = {}) {
      return subject.current.consume({ topic: TOPIC, group: GROUPS[0], handle, ...options });
    },
    until(what: string, condition: () => boolean | Promise<boolean>, withinMs?: number) {
      return until(harness, what, condition, withinMs);
    },
  };
}

/** The event of a test's bus message. */
export function eventOf(delivery: BusDelivery): string | number {
  return (JSON.parse(delivery.body) as (string | number)[])[0] ?? '';
}

export function eventsOf(batch: readonly BusDelivery[]): (string | number)[] {
  return batch.map(eventOf);
}
