import type { Clock } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import type { EventRules } from './event-rules.ts';

/** An event that has the form of one, in its place on the bus. */
export interface ReceivedEvent<Event> {
  event: Event;
  /** Something of it may have been done before. */
  redelivered: boolean;
  /** How often it was handled in vain before, at least. */
  retries: number;
  /** Unix ms of its publish. */
  publishedAt: number;
  /** Its JSON text; made only when it is asked for. */
  text(): string;
}

export interface EventConsumerOptions<Event> {
  topic: string;
  bus: Pick<MessageBus, 'publish'>;
  clock: Clock;
  logger: Logger;
  /** Which values are events that `handle` can take. */
  rules: EventRules<Event>;
  /** Events of one shard, in order. Idempotent. A permanent error (see `isPermanent`) means that one of them can never be handled. */
  handle(events: readonly ReceivedEvent<Event>[]): Promise<void>;
  /** Tells whoever waits for an event that it can never be handled. Called before it is a dead letter, and maybe again. */
  givenUp?(event: Event, reason: string): Promise<void>;
  /** An event that is many in one: those, each of which may be the culprit. */
  divide?(event: Event): Event[];
  /** Bus messages decoded in one turn of the event loop. Default: all. */
  decodedAtOnce?: number;
}
