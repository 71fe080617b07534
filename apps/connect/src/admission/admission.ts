import type { EventPublisher } from '@chasqui/core';
import {
  type Clock,
  CONVERSATION_TOPIC,
  type ConversationId,
  ImError,
  type Limits,
  type UserId,
} from '@chasqui/domain';
import { EventLoopDelay } from './event-loop-delay.ts';
import type { WorkBudgets } from './work-budgets.ts';

/**
 * With fewer events on their way to the bus, a delay is caused by other work on the machine, not by too many messages.
 */
const FEW_EVENTS = 100;
/** Share of the node's in-flight bounds that is open to everybody. The rest is reserved for light users. */
const SHARE_OF_ALL = 0.75;
/** Factor by which the node may be later for light users than for others. */
const PATIENCE = 2;

export interface AdmissionOptions {
  clock: Clock;
  publisher: Pick<EventPublisher, 'waiting' | 'early' | 'waitingCharacters' | 'delayOf'>;
  limits: Pick<Limits, 'maxInFlightPerNode' | 'maxInFlightCharactersPerNode' | 'maxQueueDelayMs' | 'maxTurnDelayMs'>;
  work: Pick<WorkBudgets, 'isLight'>;
}

/**
 * Refuses work that would be too much for this node (C16). It is asked before anything of a frame is recorded, so that
 * the client may repeat the frame as if it had never been sent. Near the bounds, users who take less than others are
 * still accepted.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #turns: EventLoopDelay;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#turns = new EventLoopDelay(options.clock);
  }

  /** Admits one more event. `more`: events that are on their way to the publisher. Errors: `overloaded`. */
  event(userId: UserId, more = 0): void {
    const { publisher, limits } = this.#options;
    if (this.#isFull(publisher.waiting + more, limits.maxInFlightPerNode, userId)) throw overloaded();
    if (this.#isFull(publisher.waitingCharacters, limits.maxInFlightCharactersPerNode, userId)) throw overloaded();
  }

  /**
   * Admits one more message. Work that cannot be done in time is refused while refusing is cheap; otherwise the node
   * would finish nothing in time. Errors: `overloaded`.
   */
  message(userId: UserId, more: number): void {
    const { publisher, limits } = this.#options;
    this.event(userId, more);
    this.#turns.seen();
    if (publisher.waiting - publisher.early < FEW_EVENTS) return;
    if (this.#isLate(this.#turns.ms, limits.maxTurnDelayMs, userId)) throw overloaded();
  }

  /** Admits a message to the conversation: its shard of the bus takes what is published. Errors: `overloaded`. */
  conversation(userId: UserId, conversationId: ConversationId): void {
    const { publisher, limits } = this.#options;
    const ms = publisher.delayOf(CONVERSATION_TOPIC, conversationId);
    if (this.#isLate(ms, limits.maxQueueDelayMs, userId)) throw overloaded();
  }

  #isFull(count: number, most: number, userId: UserId): boolean {
    return count >= most * SHARE_OF_ALL && (count >= most || !this.#options.work.isLight(userId));
  }

  #isLate(ms: number, most: number, userId: UserId): boolean {
    return ms > most && (ms > most * PATIENCE || !this.#options.work.isLight(userId));
  }
}

/**
 * Shared by all refusals: creating an error with its stack costs as much as the rest of a refusal, and refusing must be
 * cheap.
 */
const OVERLOADED = new ImError('overloaded', 'this node is overloaded', { retryAfterMs: 500 });

export function overloaded(): ImError {
  return OVERLOADED;
}
