import type { ImError } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import type { Answer } from './wire.ts';

interface Call {
  deliveries: readonly Delivery[];
  counts: number[];
  /** How many of the deliveries are in a batch already. */
  sent: number;
  /** Some of it was in a batch that failed: the call fails when its last answer is there. */
  error?: ImError;
  resolve: (counts: number[]) => void;
  reject: (error: ImError) => void;
}

export interface CallQueueOptions {
  /** Deliveries of one batch, and the length of their frames together. A single longer one goes alone. */
  maxBatch: number;
  maxBatchLength: number;
}

/** The calls to one node that wait for their answers, cut into batches, one away at a time, and put together again in order. */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #calls: Call[] = [];
  /** Index of the first call that is not wholly in a batch. */
  #unsent = 0;
  /** Deliveries in the batch that is away. */
  #away = 0;
  #waiting = 0;

  constructor(options: CallQueueOptions) {
    this.#options = options;
  }

  /** Deliveries that have no answer yet. */
  get waiting(): number {
    return this.#waiting;
  }

  add(deliveries: readonly Delivery[]): Promise<number[]> {
    this.#waiting += deliveries.length;
    return new Promise((resolve, reject) => {
      this.#calls.push({ deliveries, counts: [], sent: 0, resolve, reject });
    });
  }

  /** The next batch, which is away until its answer comes; empty while one is, and when nothing waits to be sent. */
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

  /** The answer to the batch that is away. `failure` makes the error of one that says so, or that does not fit. */
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

  /** Every call that waits fails. */
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
