import type { RecentMessages, ShardTroubles } from '@chasqui/core';
import { DATASYNC_GROUP, SEARCH_TOPIC } from '@chasqui/domain';
import { type Runtime, sleep } from '@chasqui/kit';
import type { BusConsumer, BusDelivery, Engines } from '@chasqui/ports';
import { IndexWriter } from './index-writer.ts';

/** How long a shard's changes are gathered on average, in ms: well within the 5 s of C13. */
export const GATHER_MS = 500;

export interface DataSyncOptions {
  runtime: Runtime;
  engines: Pick<Engines, 'bus' | 'messages' | 'search'>;
  /** See `IndexWriterOptions`. */
  lately?: RecentMessages | undefined;
}

/** One DataSync process without its engines: feeds the search index until it is disposed. */
export class DataSync implements AsyncDisposable {
  readonly #consumer: BusConsumer;
  readonly #writer: IndexWriter;

  constructor({ runtime, engines, lately }: DataSyncOptions) {
    const { metrics } = runtime;
    const indexed = metrics.counter('documents_indexed_total', 'Documents written to the search index');
    const leftOut = metrics.counter('documents_left_out_total', 'Documents that the search engine refuses');
    this.#writer = new IndexWriter({
      ...runtime,
      ...engines,
      lately,
      indexed: (count) => indexed.inc(count),
      leftOut: (count) => leftOut.inc(count),
    });
    this.#consumer = engines.bus.consume({
      topic: SEARCH_TOPIC,
      group: DATASYNC_GROUP,
      maxBatch: 64,
      handle: async (batch) => {
        await gather(batch, runtime);
        await this.#writer.handle(batch);
      },
    });
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#writer.troubles();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer[Symbol.asyncDispose]();
  }
}

/**
 * A message is usually stored, delivered and read within moments, so waiting makes one write out of three. Waits differ
 * between shards, as simultaneous writes would delay other work on the same thread. Time spent on the bus counts as
 * waiting. The publisher's clock may be ahead of this one.
 */
async function gather(
  batch: readonly BusDelivery[],
  { clock, random }: Pick<Runtime, 'clock' | 'random'>,
): Promise<void> {
  const gatherMs = GATHER_MS * (0.5 + random());
  const waitedMs = clock.now() - (batch[0]?.publishedAt ?? 0);
  if (waitedMs < gatherMs) await sleep(clock, Math.min(gatherMs, gatherMs - waitedMs));
}
