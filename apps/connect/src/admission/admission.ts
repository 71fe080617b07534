import type { EventPublisher } from '@chasqui/core';
import { type Clock, ImError, type Limits, type UserId } from '@chasqui/domain';
import { EventLoopDelay } from './event-loop-delay.ts';
import type { WorkBudgets } from './work-budgets.ts';

/** With fewer under way to the bus, a node that is late has a busy neighbour, and not too many messages. */
const FEW_EVENTS = 100;
/** Of what may be in flight on a node. The rest is for users who take little. */
const SHARE_OF_ALL = 0.75;
/** How much later a node may be for users who take little than for the others. */
const PATIENCE = 2;

export interface AdmissionOptions {
  clock: Clock;
  publisher: Pick<EventPublisher, 'waiting' | 'waitingCharacters' | 'delayMs'>;
  limits: Pick<Limits, 'maxInFlightPerNode' | 'maxInFlightCharactersPerNode' | 'maxQueueDelayMs' | 'maxTurnDelayMs'>;
  work: Pick<WorkBudgets, 'isLight'>;
}

/**
 * Refuses what would be too much for this node (C16). Asked before anything of a frame is noted, so that the client may
 * repeat it as if it had never been sent. Near the bounds, users who take less than others go on for longer.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #turns: EventLoopDelay;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#turns = new EventLoopDelay(options.clock);
  }

  /** One more event. `more`: those that are on their way to the publisher. Errors: `overloaded`. */
  event(userId: UserId, more = 0): void {
    const { publisher, limits } = this.#options;
    if (this.#isFull(publisher.waiting + more, limits.maxInFlightPerNode, userId)) throw overloaded();
    if (this.#isFull(publisher.waitingCharacters, limits.maxInFlightCharactersPerNode, userId)) throw overloaded();
  }

  /**
   * One more message. Work that could not be done in time is refused while it is cheap: a node that took it would do
   * nothing in time. Errors: `overloaded`.
   */
  message(userId: UserId, more: number): void {
    const { publisher, limits } = this.#options;
    this.event(userId, more);
    this.#turns.seen();
    const isLate = this.#isLate(this.#turns.ms, limits.maxTurnDelayMs, userId) && publisher.waiting >= FEW_EVENTS;
    if (isLate || this.#isLate(publisher.delayMs, limits.maxQueueDelayMs, userId)) throw overloaded();
  }

  #isFull(count: number, most: number, userId: UserId): boolean {
    return count >= most * SHARE_OF_ALL && (count >= most || !this.#options.work.isLight(userId));
  }

  #isLate(ms: number, most: number, userId: UserId): boolean {
    return ms > most && (ms > most * PATIENCE || !this.#options.work.isLight(userId));
  }
}

/** One for all: to make an error, with its stack, costs as much as the rest of a refusal, and refusing must be cheap. */
const OVERLOADED = new ImError('overloaded', 'this node is overloaded', { retryAfterMs: 500 });

export function overloaded(): ImError {
  return OVERLOADED;
}
