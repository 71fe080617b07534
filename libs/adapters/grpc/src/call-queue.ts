import type { ImError } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import type { Answer } from './wire.ts';

interface Call {
  deliveries: readonly Delivery[];
  counts: number[];
  /** How many of its deliveries are in a batch already. */
  sent: number;
  /** Set if one of its batches failed: the call fails once its last answer has arrived. */
  error?: ImError;
  resolve: (counts: number[]) => void;
  reject: (error: ImError) => void;
}

export interface CallQueueOptions {
  /**
   * Maximum deliveries of one batch, and maximum total length of their frames. A single longer delivery is sent alone.
   */
  maxBatch: number;
  maxBatchLength: number;
}

/**
 * The calls to one node that wait for answers. Their deliveries are sent in batches, one in flight at a time, and the
 * answers are put together again in order.
 */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #calls: Call[] = [];
  /** Index of the first call that is not entirely in a batch. */
  #unsent = 0;
  /** Deliveries in the batch in flight. */
  #away = 0;
  #waiting = 0;

  constructor(options: CallQueueOptions) {
    this.#options = options;
  }

  /** Deliveries without an answer. */
  get waiting(): number {
    return this.#waiting;
  }

  add(deliveries: readonly Delivery[]): Promise<number[]> {
    this.#waiting += deliveries.length;
    return new Promise((resolve, reject) => {
      this.#calls.push({ deliveries, counts: [], sent: 0, resolve, reject });
    });
  }

  /** The next batch, which is in flight until its answer arrives; empty while one is in flight, or if nothing waits. */
  takeBatch(): Delivery[] {
    const batch = this.#away === 0 ? this.#cut() : [];
    this.#away += batch.length;
    return batch;
  }

  #cut(): Delivery[] {
    const { maxBatch, maxBatchLength } = this.#options;
    const batch: Delivery[] = [];
    let length = 0;
    for (let call = this.#calls[this.#unsent]; call !== undefined; call = this.#calls[this.#unsent]) {
      for (; call.sent < call.deliveries.length; call.sent++) {
        const delivery = call.deliveries[call.sent] as Delivery;
        length += delivery.frame.length;
        if (batch.length > 0 && (batch.length >= maxBatch || length > maxBatchLength)) return batch;
        batch.push(delivery);
      }
      this.#unsent++;
    }
    return batch;
  }

  /**
   * The answer to the batch in flight. `failure` makes the error if the answer reports one or does not fit the batch.
   */
  answer({ counts = [], failed = false }: Answer, failure: () => ImError): void {
    const size = this.#away;
    this.#away = 0;
    const error = failed || counts.length !== size ? failure() : undefined;
    for (let taken = 0; taken < size; ) {
      const call = this.#calls[0] as Call;
      const share = Math.min(size - taken, call.deliveries.length - call.counts.length);
      for (let index = taken; index < taken + share; index++) call.counts.push(counts[index] ?? 0);
      if (error !== undefined) call.error = error;
      taken += share;
      if (call.counts.length === call.deliveries.length) this.#finish(call);
    }
    this.#waiting -= size;
  }

  /** Every waiting call fails. */
  fail(error: ImError): void {
    const calls = this.#calls.splice(0);
    this.#away = 0;
    this.#unsent = 0;
    this.#waiting = 0;
    for (const call of calls) call.reject(error);
  }

  #finish(call: Call): void {
    this.#calls.shift();
    this.#unsent--;
    if (call.error === undefined) call.resolve(call.counts);
    else call.reject(call.error);
  }
}
