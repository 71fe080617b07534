import { type Clock, ImError, type Random, type Timer } from '@chasqui/domain';
import { backoffMs, type Logger } from '@chasqui/kit';
import type { Delivery } from '@chasqui/ports';
import { CallQueue } from './call-queue.ts';
import type { PeerCredentials } from './peer-credentials.ts';
import { PeerStream } from './peer-stream.ts';
import type { Answer } from './wire.ts';

/** Between tries to reach a node that did not answer: 200–400 ms first, 500–1000 ms at last. */
const BACKOFF = { initialMs: 400, maxMs: 1_000 };
/** A timer that is this late says that the process was busy. */
const BUSY_MS = 50;
/**
 * Deliveries of one batch. On a busy machine an answer takes turns of the event loop, however long they are, and with one
 * batch away this is what a node gets in them: with 500 the live way broke down at twice the load that it could carry.
 */
const MAX_BATCH = 2_000;

export interface PeerConnectionOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  credentials: PeerCredentials;
  from: string;
  to: { nodeId: string; peerAddress: string };
  /** Ms that the node has to answer a batch. */
  deadlineMs: number;
  /** Deliveries that may wait for their answers. */
  maxWaiting: number;
  maxBatchBytes: number;
  /** Ms from one batch to the next at least. */
  paceMs: number;
  /** Ms without a delivery after which the connection is given up. */
  idleMs: number;
  /** It was given up: forget it. */
  idle(): void;
}

/**
 * Everything between this process and one node: a bounded queue, one stream while there is something to say with one batch
 * away (what arrives meanwhile joins the next; two or four away were no faster and cost more), and a pause after a failure during which calls fail at once. When the batch that is away misses its deadline or the stream
 * breaks, every waiting call fails: nothing is sent twice, and nothing overtakes. A node that answers in time is never
 * given up for the length of the queue, which has a bound of its own: under load that would make all of it undeliverable.
 */
export class PeerConnection {
  readonly peerAddress: string;
  readonly #options: PeerConnectionOptions;
  readonly #queue: CallQueue;
  #stream: PeerStream | undefined;
  /** The present stream has answered. */
  #proven = false;
  #failures = 0;
  #lastFailure = '';
  /** Monotonic ms; before it no stream is opened. */
  #notBefore = 0;
  #lastUse: number;
  #pumping = false;
  /** Monotonic ms of the last batch. */
  #sentAt = Number.NEGATIVE_INFINITY;
  #pace: Timer | undefined;
  /** Monotonic ms by which the batch that is away is to be answered; undefined: none is away. */
  #due: number | undefined;
  /** It was given more time already. */
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
      // At the end of the turn: a gRPC message costs as much as some fifty deliveries in it.
      setImmediate(() => {
        this.#pumping = false;
        this.#pump();
      });
    }
    return answer;
  }

  /** Every waiting call fails, and nothing of the connection remains. */
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
      // An address or an id that gRPC cannot take.
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

  /** A stream that has worked may be tried again at once; a node that cannot be reached is left alone for a while. */
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

  /** One timer for the batch's deadline and for idleness; it looks again when it was early. */
  #wake(): void {
    this.#timer = undefined;
    const { clock, deadlineMs, idleMs, idle } = this.#options;
    const now = clock.monotonic();
    if (this.#due !== undefined && this.#due <= now) {
      if (now - this.#due < BUSY_MS || this.#extended) {
        this.#proven = false;
        this.#broken(`no answer within ${deadlineMs} ms`);
      } else {
        // This process was too busy to look: the answer may lie here unread, or the node share its core.
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
