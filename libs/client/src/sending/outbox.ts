import type { LogId, MessageId, Random } from '@chasqui/domain';
import { fullJitter } from '../connection/backoff.ts';
import type { Unsent } from '../storing/stored-values.ts';
import { type Departure, Lane } from './outbox-lane.ts';

export interface OutboxLimits {
  maxInFlight: number;
  answerTimeoutMs: number;
  backoffMinMs: number;
  backoffMaxMs: number;
}

/**
 * Decides which messages are sent and when. Messages of a conversation are sent in order; at most `maxInFlight` are in
 * flight. When one fails temporarily, it and all later ones of its conversation are sent again in order after a
 * back-off (go-back-n), so that no message overtakes a failed one (C5). Pure: times are monotonic ms from the caller.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #random: Random;
  /** Conversations with messages that are not queued, the least recently served first. */
  readonly #lanes = new Map<LogId, Lane>();
  /** Every message that is not stored, by its clientMessageId. */
  readonly unsent = new Map<string, Unsent>();
  /** Messages that are queued and not stored: when each was queued. */
  readonly queuedAt = new Map<string, number>();
  #pausedUntil = 0;
  #pauses = 0;

  constructor(limits: OutboxLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** `unsent` with a messageId was already queued, by an earlier run of the program. */
  add(unsent: Unsent, now: number): void {
    this.unsent.set(unsent.clientMessageId, unsent);
    if (unsent.messageId !== undefined) {
      this.queuedAt.set(unsent.clientMessageId, now);
      return;
    }
    const lane = this.#lanes.get(unsent.to) ?? new Lane();
    lane.waiting.push(unsent);
    this.#lanes.set(unsent.to, lane);
  }

  /** Takes the messages that may be sent now; the caller sends them in order. */
  depart(now: number): Departure[] {
    const departures: Departure[] = [];
    if (now < this.#pausedUntil) return departures;
    const room = this.#room;
    for (const [to, lane] of [...this.#lanes]) {
      if (departures.length >= room) break;
      if (now < lane.notBefore || lane.waiting.length === 0) continue;
      departures.push(...lane.depart(room - departures.length, now));
      this.#lanes.delete(to);
      this.#lanes.set(to, lane);
    }
    return departures;
  }

  /** The server has the message durably. Undefined: it is not (or no longer) in the outbox. */
  queued(clientMessageId: string, messageId: MessageId, now: number): Unsent | undefined {
    const unsent = this.unsent.get(clientMessageId);
    if (unsent === undefined || unsent.messageId !== undefined) return undefined;
    this.#leaveLane(unsent);
    const lane = this.#lanes.get(unsent.to);
    if (lane !== undefined && messageId > lane.behind) lane.behind = messageId;
    unsent.messageId = messageId;
    this.queuedAt.set(clientMessageId, now);
    this.#pauses = 0;
    return unsent;
  }

  /** The message is stored, or refused for good: removes it. */
  remove(clientMessageId: string): Unsent | undefined {
    const unsent = this.unsent.get(clientMessageId);
    if (unsent === undefined) return undefined;
    if (unsent.messageId === undefined) this.#leaveLane(unsent);
    this.queuedAt.delete(clientMessageId);
    this.unsent.delete(clientMessageId);
    return unsent;
  }

  /** The message failed temporarily. `all`: the reason applies to every conversation (the session sends too fast). */
  retryLater(clientMessageId: string, now: number, retryAfterMs = 0, all = false): void {
    const unsent = this.unsent.get(clientMessageId);
    const lane = unsent && this.#lanes.get(unsent.to);
    if (!lane?.goBack(clientMessageId)) return;
    lane.notBefore = now + Math.max(retryAfterMs, this.#backoff(lane.failures++));
    if (all)
      this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.max(retryAfterMs, this.#backoff(this.#pauses++)));
  }

  /** Messages in flight may be lost: they are sent again at once on the next connection. */
  disconnected(): void {
    this.#pausedUntil = 0;
    for (const lane of this.#lanes.values()) lane.reset();
  }

  /** Sends the messages again whose answer is overdue. */
  expire(now: number): void {
    for (const lane of this.#lanes.values()) {
      const oldest = lane.sent[0];
      // Must be the same sum as in `nextDue`: a different one may round differently, and the alarm would fire without
      // effect.
      if (oldest === undefined || now < oldest.at + this.#limits.answerTimeoutMs) continue;
      lane.goBack(oldest.unsent.clientMessageId);
    }
  }

  /** When `depart` or `expire` may next have work; Infinity: not before another event. */
  nextDue(now: number): number {
    let due = Number.POSITIVE_INFINITY;
    const isFull = this.#room <= 0;
    for (const lane of this.#lanes.values()) {
      const oldest = lane.sent[0];
      if (oldest !== undefined) due = Math.min(due, oldest.at + this.#limits.answerTimeoutMs);
      if (!isFull && lane.waiting.length > 0) due = Math.min(due, Math.max(lane.notBefore, this.#pausedUntil, now));
    }
    return due;
  }

  /** When the oldest queued message that is not stored was queued; Infinity: there is none. */
  get oldestQueuedAt(): number {
    return this.queuedAt.values().next().value ?? Number.POSITIVE_INFINITY;
  }

  #backoff(attempt: number): number {
    const { backoffMinMs, backoffMaxMs } = this.#limits;
    return Math.max(backoffMinMs / 2, fullJitter(attempt, backoffMinMs, backoffMaxMs, this.#random));
  }

  /** How many more messages may be in flight. */
  get #room(): number {
    let room = this.#limits.maxInFlight;
    for (const { sent } of this.#lanes.values()) room -= sent.length;
    return room;
  }

  #leaveLane(unsent: Unsent): void {
    const lane = this.#lanes.get(unsent.to);
    if (lane === undefined) return;
    lane.remove(unsent.clientMessageId);
    if (lane.isEmpty) this.#lanes.delete(unsent.to);
  }
}
