import type { Clock } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import type { EventRules } from './event-rules.ts';

/** A sound event, with its circumstances on the bus. */
export interface ReceivedEvent<Event> {
  event: Event;
  /** It may have been handled before, at least in part. */
  redelivered: boolean;
  /** Minimum number of failed attempts to handle it. */
  retries: number;
  /** Unix ms of the publish. */
  publishedAt: number;
  /** The JSON text, made on first use. */
  text(): string;
}

export interface EventConsumerOptions<Event> {
  topic: string;
  bus: Pick<MessageBus, 'publish'>;
  clock: Clock;
  logger: Logger;
  /** Decides which values are events that `handle` accepts. */
  rules: EventRules<Event>;
  /**
   * Handles events of one shard, in order. Must be idempotent. A permanent error (see `isPermanent`) means that one of
   * them can never be handled.
   */
  handle(events: readonly ReceivedEvent<Event>[]): Promise<void>;
  /**
   * Notifies users who wait for an event that it can never be handled. Called before the event is a dead letter,
   * possibly more than once.
   */
  givenUp?(event: Event, reason: string): Promise<void>;
  /** Splits an event with several items into one event per item, to isolate the failing one. */
  divide?(event: Event): Event[];
  /** Maximum number of bus messages decoded per turn of the event loop. Default: all. */
  decodedAtOnce?: number;
}
