import { ChurnMap, ImError } from '@chasqui/domain';
import type { BusConsumer, ConsumeOptions } from '@chasqui/ports';
import type { Hub, Outcome, Work } from './hub.ts';

const DEFAULT_MAX_BATCH = 64;

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ImError) || error.retry !== 'never') return { type: 'failed' };
  return { type: 'never', error: `${error.code}: ${error.message}` };
}

/** Runs a handler on the work from the hub; see `ConsumeOptions`. */
export function createConsumer(hub: Hub, options: ConsumeOptions): BusConsumer {
  const { topic, group, maxBatch = DEFAULT_MAX_BATCH, concurrency = Number.MAX_SAFE_INTEGER, handle } = options;
  /**
   * By shard: a shard that was reassigned to this process (which was thought lost) waits until its earlier handler
   * ends.
   */
  const running = new ChurnMap<number, Promise<void>>();

  const run = async ({ batch, settle }: Work, before: Promise<void> | undefined): Promise<void> => {
    if (before !== undefined) await before;
    try {
      await handle(batch);
      settle({ type: 'done' });
    } catch (error) {
      settle(outcomeOf(error));
    }
  };

  const membership = hub.attach({ topic, group, maxBatch, concurrency }, (work) => {
    const { shard } = work;
    const promise = run(work, running.get(shard)).then(() => {
      if (running.get(shard) === promise) running.delete(shard);
    });
    running.set(shard, promise);
  });

  return {
    async [Symbol.asyncDispose]() {
      membership.retire();
      await Promise.all(running.values());
    },
  };
}
