import { type Clock, ImError, type Random, type Timer } from '@chasqui/domain';
import { backoffMs, type Logger } from '@chasqui/kit';
import type { Delivery } from '@chasqui/ports';
import { CallQueue } from './call-queue.ts';
import type { PeerCredentials } from './peer-credentials.ts';
import { PeerStream } from './peer-stream.ts';
import type { Answer } from './wire.ts';

/** Between attempts to reach a node that does not answer: 200–400 ms at first, 500–1000 ms at most. */
const BACKOFF = { initialMs: 400, maxMs: 1_000 };
/** If a timer is this late, the process was busy. */
const BUSY_MS = 50;
/**
 * Maximum deliveries of one batch. On a busy machine an answer takes several turns of the event loop, however long they
 * are, and with one batch in flight a node gets only one batch in that time: with 500, the live way failed at twice the
 * load that it could carry.
 */
const MAX_BATCH = 2_000;

export interface PeerConnectionOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  credentials: PeerCredentials;
  from: string;
  to: { nodeId: string; peerAddress: string };
  /** Deadline of a batch's answer, ms. */
  deadlineMs: number;
  /** Maximum deliveries that wait for answers. */
  maxWaiting: number;
  maxBatchBytes: number;
  /** Minimum time from one batch to the next, ms. */
  paceMs: number;
  /** Time without a delivery after which the connection is closed, ms. */
  idleMs: number;
  /** Called when the connection was closed as idle and must be forgotten. */
  idle(): void;
}

/**
 * The link from this process to one node: a bounded queue; a stream, kept while there is something to send, with one
 * batch in flight (later deliveries join the next batch; two or four in flight were no faster and cost more); and a
 * pause after a failure, during which calls fail at once. If the batch in flight misses its deadline or the stream
 * breaks, every waiting call fails: nothing is sent twice, and nothing overtakes. A node that answers in time is never
 * dropped because of the queue's length, which has its own bound: under load, that would make the whole queue
 * undeliverable.
 */
export class PeerConnection {
  readonly peerAddress: string;
  readonly #options: PeerConnectionOptions;
  readonly #queue: CallQueue;
  #stream: PeerStream | undefined;
  /** The current stream has answered. */
  #proven = false;
  #failures = 0;
  #lastFailure = '';
  /** Monotonic ms; no stream is opened before it. */
  #notBefore = 0;
  #lastUse: number;
  #pumping = false;
  /** Monotonic ms of the last batch. */
  #sentAt = Number.NEGATIVE_INFINITY;
  #pace: Timer | undefined;
  /** Monotonic deadline of the batch in flight, ms; undefined: none is in flight. */
  #due: number | undefined;
  /** The deadline was extended already. */
  #extended = false;
  #timer: { due: number; timer: Timer } | undefined;

  constructor(options: PeerConnectionOptions) {
    this.#options = options;
    this.peerAddress = options.to.peerAddress;
    this.#queue = new CallQueue({ maxBatch: MAX_BATCH, maxBatchLength: options.maxBatchBytes });
    this.#lastUse = options.clock.monotonic();
  }

  deliver(deliveries: readonly Delivery[]): Promise<number[]> {
    const { clock, maxWaiting, idleMs } = this.#options;
    const now = clock.monotonic();
    if (now < this.#notBefore) return Promise.reject(this.#unavailable(this.#lastFailure));
    if (this.#queue.waiting + deliveries.length > maxWaiting) {
      return Promise.reject(this.#unavailable(`${this.#queue.waiting} deliveries already wait for it`));
    }
    this.#lastUse = now;
    const answer = this.#queue.add(deliveries);
    this.#wakeAt(this.#due ?? now + idleMs);
    if (!this.#pumping) {
      this.#pumping = true;
      // At the end of the turn: one gRPC message costs as much as some fifty deliveries in it.
      setImmediate(() => {
        this.#pumping = false;
        this.#pump();
      });
    }
    return answer;
  }

  /** Every waiting call fails, and the connection is released. */
  close(reason: string): void {
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    this.#pace?.cancel();
    this.#pace = undefined;
    this.#stream?.close();
    this.#stream = undefined;
    this.#due = undefined;
    this.#queue.fail(this.#unavailable(reason));
  }

  #pump(): void {
    const { clock, deadlineMs, paceMs } = this.#options;
    if (this.#pace !== undefined) return;
    const early = this.#sentAt + paceMs - clock.monotonic();
    if (early > 0) {
      this.#pace = clock.after(early, () => {
        this.#pace = undefined;
        this.#pump();
      });
      return;
    }
    const deliveries = this.#queue.takeBatch();
    if (deliveries.length === 0) return;
    this.#sentAt = clock.monotonic();
    this.#due = clock.monotonic() + deadlineMs;
    this.#extended = false;
    this.#wakeAt(this.#due);
    try {
      this.#stream ??= this.#openStream();
      this.#stream.write({ deliveries });
    } catch (error) {
      // gRPC rejects the address or an id.
      this.#broken(error instanceof Error ? error.message : String(error));
    }
  }

  #openStream(): PeerStream {
    const { from, to, credentials } = this.#options;
    this.#proven = false;
    return new PeerStream({
      from,
      to,
      credentials,
      answered: (answer) => this.#answered(answer),
      gone: (reason) => this.#broken(reason),
    });
  }

  #answered(answer: Answer): void {
    this.#proven = true;
    this.#failures = 0;
    this.#due = undefined;
    this.#queue.answer(answer, () => this.#unavailable('it could not handle the batch'));
    this.#pump();
  }

  /** A stream that has worked may be reopened at once; an unreachable node is retried after a pause. */
  #broken(reason: string): void {
    const { clock, random, logger, to } = this.#options;
    this.#stream?.close();
    this.#stream = undefined;
    this.#lastFailure = reason;
    if (!this.#proven) this.#notBefore = clock.monotonic() + backoffMs(this.#failures++, BACKOFF, random);
    this.#proven = false;
    this.#due = undefined;
    logger.warn(
      { peer: to.nodeId, address: to.peerAddress, waiting: this.#queue.waiting, reason },
      'the connection to a peer was lost',
    );
    this.#queue.fail(this.#unavailable(reason));
  }

  #wakeAt(due: number): void {
    if (this.#timer !== undefined && this.#timer.due <= due) return;
    this.#timer?.timer.cancel();
    const { clock } = this.#options;
    this.#timer = { due, timer: clock.after(due - clock.monotonic(), () => this.#wake()) };
  }

  /** One timer for the batch's deadline and for idleness; if it fires early, it is set again. */
  #wake(): void {
    this.#timer = undefined;
    const { clock, deadlineMs, idleMs, idle } = this.#options;
    const now = clock.monotonic();
    if (this.#due !== undefined && this.#due <= now) {
      if (now - this.#due < BUSY_MS || this.#extended) {
        this.#proven = false;
        this.#broken(`no answer within ${deadlineMs} ms`);
      } else {
        // This process was too busy: the answer may have arrived unread, or the node may share its core.
        this.#extended = true;
        this.#due = now + deadlineMs / 2;
      }
    }
    if (this.#due === undefined && this.#lastUse + idleMs <= now) {
      this.close('idle');
      idle();
      return;
    }
    this.#wakeAt(this.#due ?? this.#lastUse + idleMs);
  }

  #unavailable(reason: string): ImError {
    const { nodeId, peerAddress } = this.#options.to;
    return new ImError('peer_unavailable', `node ${nodeId} at ${peerAddress}: ${reason}`, { peer: nodeId });
  }
}
