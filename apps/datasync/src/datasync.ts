import { type Clock, DATASYNC_GROUP, type Random, SEARCH_TOPIC } from '@chasqui/domain';
import { type Logger, type Metrics, sleep, type Tracing } from '@chasqui/kit';
import type { BusConsumer, MessageBus, MessageStore, SearchIndex } from '@chasqui/ports';
import { IndexWriter } from './index-writer.ts';

/** How long a shard's changes are gathered, in ms, on average: well within the 5 s of C13. */
export const GATHER_MS = 500;

export interface DataSyncOptions {
  bus: MessageBus;
  messages: MessageStore;
  search: SearchIndex;
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: Metrics;
  /** Absent: off. */
  tracing?: Tracing | undefined;
}

/** One DataSync process without its engines: feeds the search index until it is disposed. */
export class DataSync implements AsyncDisposable {
  readonly #consumer: BusConsumer;

  constructor({ metrics, ...options }: DataSyncOptions) {
    const indexed = metrics.counter('documents_indexed_total', 'Documents written to the search index');
    const leftOut = metrics.counter('documents_left_out_total', 'Documents that the search engine refuses');
    const writer = new IndexWriter({
      ...options,
      indexed: (count) => indexed.inc(count),
      leftOut: (count) => leftOut.inc(count),
    });
    this.#consumer = options.bus.consume({
      topic: SEARCH_TOPIC,
      group: DATASYNC_GROUP,
      maxBatch: 256,
      async handle(batch) {
        // A message is stored, delivered and read within moments: waiting makes one write of what would be three. Not all
        // shards at once, as that would hold up whoever shares the thread.
        await sleep(options.clock, GATHER_MS * (0.5 + options.random()));
        await writer.handle(batch);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer[Symbol.asyncDispose]();
  }
}
