import type { MessageId, Random, UserId } from '@chasqui/domain';
import { fullJitter } from './backoff.ts';
import type { Unsent } from './durable-state.ts';
import { type Departure, Lane } from './outbox-lane.ts';

export interface OutboxLimits {
  maxInFlight: number;
  answerTimeoutMs: number;
  backoffMinMs: number;
  backoffMaxMs: number;
}

/**
 * Decides what is sent when. Per conversation messages go in order; at most `maxInFlight` have no answer. When one fails
 * for the moment it goes back together with all later ones of its conversation and, after a back-off, they are sent again
 * in order (go-back-n), so that a failed message is never overtaken (C5). Pure: times are monotonic ms from the caller.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #random: Random;
  /** Conversations with messages that are not queued, least recently served first. */
  readonly #lanes = new Map<UserId, Lane>();
  /** Every message that is not stored. */
  readonly #unsent = new Map<string, Unsent>();
  /** Queued and not stored: since when. */
  readonly #queued = new Map<string, number>();
  #inFlight = 0;
  #pausedUntil = 0;
  #pauses = 0;

  constructor(limits: OutboxLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Messages that are not stored. */
  get size(): number {
    return this.#unsent.size;
  }

  has(clientMessageId: string): boolean {
    return this.#unsent.has(clientMessageId);
  }

  /** `unsent` with a messageId is queued already (by an earlier run of the program). */
  add(unsent: Unsent, now: number): void {
    this.#unsent.set(unsent.clientMessageId, unsent);
    if (unsent.messageId !== undefined) {
      this.#queued.set(unsent.clientMessageId, now);
      return;
    }
    const lane = this.#lanes.get(unsent.to) ?? new Lane();
    lane.waiting.push(unsent);
    this.#lanes.set(unsent.to, lane);
  }

  /** Takes what may go out now; the caller sends it, in order. */
  depart(now: number): Departure[] {
    const departures: Departure[] = [];
    if (now < this.#pausedUntil) return departures;
    for (const [to, lane] of [...this.#lanes]) {
      const room = this.#limits.maxInFlight - this.#inFlight;
      if (room <= 0) break;
      if (now < lane.notBefore || lane.waiting.length === 0) continue;
      const taken = lane.depart(room, now);
      this.#inFlight += taken.length;
      departures.push(...taken);
      this.#lanes.delete(to);
      this.#lanes.set(to, lane);
    }
    return departures;
  }

  /** The server has it durably. Undefined: it is not (or no longer) here. */
  queued(clientMessageId: string, messageId: MessageId, now: number): Unsent | undefined {
    const unsent = this.#unsent.get(clientMessageId);
    if (unsent === undefined || unsent.messageId !== undefined) return undefined;
    this.#leaveLane(unsent);
    const lane = this.#lanes.get(unsent.to);
    if (lane !== undefined && messageId > lane.behind) lane.behind = messageId;
    unsent.messageId = messageId;
    this.#queued.set(clientMessageId, now);
    this.#pauses = 0;
    return unsent;
  }

  /** It is stored, or refused for good: it leaves. */
  remove(clientMessageId: string): Unsent | undefined {
    const unsent = this.#unsent.get(clientMessageId);
    if (unsent === undefined) return undefined;
    if (unsent.messageId === undefined) this.#leaveLane(unsent);
    this.#queued.delete(clientMessageId);
    this.#unsent.delete(clientMessageId);
    return unsent;
  }

  /** It failed for the moment. `all`: the reason holds for every conversation (the session is too fast). */
  retryLater(clientMessageId: string, now: number, retryAfterMs = 0, all = false): void {
    const unsent = this.#unsent.get(clientMessageId);
    const lane = unsent && this.#lanes.get(unsent.to);
    if (unsent === undefined || lane === undefined || !this.#goBack(lane, clientMessageId)) return;
    lane.notBefore = now + Math.max(retryAfterMs, this.#backoff(lane.failures++));
    if (all)
      this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.max(retryAfterMs, this.#backoff(this.#pauses++)));
  }

  /** What was sent and not answered may be lost: it goes out again, at once, on the next connection. */
  disconnected(): void {
    this.#inFlight = 0;
    this.#pausedUntil = 0;
    for (const lane of this.#lanes.values()) lane.reset();
  }

  /** Sends again what had no answer for too long. */
  expire(now: number): void {
    for (const lane of this.#lanes.values()) {
      const oldest = lane.sent[0];
      // The same sum as in `nextDue`: another one may round to the other side of it, and the alarm would ring in vain.
      if (oldest === undefined || now < oldest.at + this.#limits.answerTimeoutMs) continue;
      this.#goBack(lane, oldest.unsent.clientMessageId);
    }
  }

  /** When `depart` or `expire` may next have something to do; Infinity: not before something else happens. */
  nextDue(now: number): number {
    let due = Number.POSITIVE_INFINITY;
    const full = this.#inFlight >= this.#limits.maxInFlight;
    for (const lane of this.#lanes.values()) {
      const oldest = lane.sent[0];
      if (oldest !== undefined) due = Math.min(due, oldest.at + this.#limits.answerTimeoutMs);
      if (!full && lane.waiting.length > 0) due = Math.min(due, Math.max(lane.notBefore, this.#pausedUntil, now));
    }
    return due;
  }

  /** Since when the longest queued message has been waiting to be stored; Infinity: none is. */
  get oldestQueuedAt(): number {
    return this.#queued.values().next().value ?? Number.POSITIVE_INFINITY;
  }

  #backoff(attempt: number): number {
    const { backoffMinMs, backoffMaxMs } = this.#limits;
    return Math.max(backoffMinMs / 2, fullJitter(attempt, backoffMinMs, backoffMaxMs, this.#random));
  }

  #goBack(lane: Lane, clientMessageId: string): boolean {
    const count = lane.goBack(clientMessageId);
    this.#inFlight -= count;
    return count > 0;
  }

  #leaveLane(unsent: Unsent): void {
    const lane = this.#lanes.get(unsent.to);
    if (lane === undefined) return;
    if (lane.remove(unsent.clientMessageId) === 'sent') this.#inFlight--;
    if (lane.isEmpty) this.#lanes.delete(unsent.to);
  }
}
