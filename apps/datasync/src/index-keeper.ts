import type { Clock, Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { MessageStore, SearchIndex } from '@chasqui/ports';
import { rebuildIndex } from './rebuild-index.ts';

/** How often the index is checked for completeness, in ms. */
const CHECK_MS = 15_000;
/** How often a rebuild logs its progress, in ms. */
const TELL_MS = 10_000;

export interface IndexKeeperOptions {
  messages: Pick<MessageStore, 'scan' | 'get'>;
  search: Pick<SearchIndex, 'rebuild' | 'remove' | 'rebuildDue'>;
  clock: Clock;
  random: Random;
  logger: Logger;
}

/**
 * Rebuilds the search index from the message store whenever a rebuild is due (`SearchIndex.rebuildDue`), at the start
 * and later. Searches and new writes continue during a rebuild. A failed rebuild is retried and resumes where it
 * stopped; one that was interrupted by disposing or a crash resumes at the next start.
 */
export class IndexKeeper implements AsyncDisposable {
  readonly #options: IndexKeeperOptions;
  readonly #disposed = new AbortController();
  readonly #watching: Promise<void>;

  constructor(options: IndexKeeperOptions) {
    this.#options = options;
    this.#watching = this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { search, clock, logger } = this.#options;
    const { signal } = this.#disposed;
    while (!signal.aborted) {
      try {
        if (await search.rebuildDue()) await this.#rebuild();
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, 'the search index is not complete yet: retrying');
      }
      await sleep(clock, CHECK_MS, signal).catch(() => {});
    }
  }

  async #rebuild(): Promise<void> {
    const { clock, logger } = this.#options;
    const startedAt = clock.monotonic();
    let toldAt = startedAt;
    const { messages, refused } = await rebuildIndex({ ...this.#options, resume: true }, (progress) => {
      this.#disposed.signal.throwIfAborted();
      if (clock.monotonic() - toldAt < TELL_MS) return;
      toldAt = clock.monotonic();
      logger.warn({ ...progress }, 'rebuilding the search index from the message store');
    });
    if (messages === 0) return;
    const seconds = Math.round((clock.monotonic() - startedAt) / 1000);
    logger.warn({ messages, refused, seconds }, 'the search index was rebuilt from the message store');
  }
}
