import type { Clock, Random, SearchEvent } from '@chasqui/domain';
import { decodeEvents } from '@chasqui/journey';
import { backoffMs, type Logger, sleep } from '@chasqui/kit';
import type { BusDelivery, MessageStore, SearchDocument, SearchIndex } from '@chasqui/ports';
import { searchDocument } from './search-documents.ts';

/** Tries for a document that fails alone, before it is left out and reported. */
const MAX_TRIES = 5;
const BACKOFF = { initialMs: 100, maxMs: 2_000 };

export interface IndexWriterOptions {
  messages: MessageStore;
  search: Pick<SearchIndex, 'index' | 'remove'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  indexed(count: number): void;
  leftOut(count: number): void;
}

/**
 * Brings the index to what the message store says of the messages that changed. State-based: an event only names a
 * message, so events may repeat, come late or be many for one message.
 */
export class IndexWriter {
  readonly #options: IndexWriterOptions;

  constructor(options: IndexWriterOptions) {
    this.#options = options;
  }

  /** Errors: `store_unavailable`, `search_unavailable`: the bus delivers again. */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    const keys = new Map<string, SearchEvent>();
    for (const { body } of batch) for (const event of decodeEvents<SearchEvent>(body)) keys.set(event.messageId, event);
    const events = [...keys.values()];
    const found = await this.#options.messages.get(events);
    const gone = events.filter((_, index) => found[index] === null);
    if (gone.length > 0) await this.#options.search.remove(gone);
    await this.write(found.filter((message) => message !== null).map(searchDocument));
  }

  /** Writes in bulk; what fails alone is tried again alone. */
  async write(documents: readonly SearchDocument[]): Promise<void> {
    const { search, clock, random, logger, indexed, leftOut } = this.#options;
    let todo = documents;
    for (let attempt = 0; todo.length > 0; attempt++) {
      const results = await search.index(todo);
      const failed = todo.filter((_, index) => results[index] != null);
      indexed(todo.length - failed.length);
      const fault = results.find((result) => result != null);
      if (failed.length > 0 && attempt + 1 >= MAX_TRIES) {
        leftOut(failed.length);
        const messageIds = failed.map(({ messageId }) => messageId);
        logger.error({ err: fault, messageIds }, 'the search engine refuses documents: they are left out');
        return;
      }
      todo = failed;
      if (todo.length > 0) await sleep(clock, backoffMs(attempt, BACKOFF, random));
    }
  }
}
