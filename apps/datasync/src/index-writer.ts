import type { Clock, Random, SearchEvent } from '@chasqui/domain';
import { searchEventFault, soundEvents } from '@chasqui/journey';
import { type Logger, spanEach, type Tracing } from '@chasqui/kit';
import type { BusDelivery, MessageBus, MessageStore, SearchDocument, SearchIndex } from '@chasqui/ports';
import { searchDocument, versionOf } from './search-documents.ts';
import { writeDocuments } from './write-documents.ts';
import { WrittenVersions } from './written-versions.ts';

/** Messages read and written at a time: while one piece is worked on, others get their turn. */
const PIECE = 500;

type Changed = SearchEvent['messages'][number];

export interface IndexWriterOptions {
  bus: Pick<MessageBus, 'publish'>;
  messages: Pick<MessageStore, 'get'>;
  search: Pick<SearchIndex, 'index' | 'remove'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Absent: off. */
  tracing?: Tracing | undefined;
  indexed(count: number): void;
  leftOut(count: number): void;
}

/**
 * Brings the index to what the message store says of the messages that changed. State-based: an event only names a
 * message, so events may repeat, come late or be many for one message.
 */
export class IndexWriter {
  readonly #options: IndexWriterOptions;
  readonly #written = new WrittenVersions();

  constructor(options: IndexWriterOptions) {
    this.#options = options;
  }

  /**
   * Errors: `store_unavailable`, `search_unavailable`: the bus delivers again. `invalid_request` (dead letter) for what is
   * no event.
   */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#follow(batch);
    } catch (error) {
      logger.warn({ err: error, shard: batch[0]?.shard, messages: batch.length }, 'the index could not follow yet');
      throw error;
    }
  }

  async #follow(batch: readonly BusDelivery[]): Promise<void> {
    const keys = new Map<string, Changed>();
    for (const { event } of await soundEvents<SearchEvent>(this.#options.bus, batch, searchEventFault)) {
      for (const message of event.messages) {
        if (message.status !== undefined && this.#written.of(message.messageId) >= versionOf(message.status)) continue;
        // Later changes of it carry no trace.
        if (message.trace !== undefined || !keys.has(message.messageId)) keys.set(message.messageId, message);
      }
    }
    const changed = [...keys.values()];
    const traceOf = ({ trace }: Changed) => trace;
    for (let start = 0; start < changed.length; start += PIECE) {
      const piece = changed.slice(start, start + PIECE);
      await spanEach(this.#options.tracing, 'index', piece, traceOf, () => this.#index(piece));
    }
  }

  async #index(changed: readonly Changed[]): Promise<void> {
    const { search, clock, random, logger, indexed, leftOut } = this.#options;
    const { documents, gone } = await this.#read(changed);
    if (gone.length > 0) await search.remove(gone);
    const refused = await writeDocuments(documents, { index: (some) => search.index(some), clock, random });
    for (const { messageId, version } of documents) this.#written.add(messageId, version);
    indexed(documents.length - refused.length);
    if (refused.length === 0) return;
    leftOut(refused.length);
    const messageIds = refused.map(({ messageId }) => messageId);
    logger.error({ err: refused[0]?.fault, messageIds }, 'the search engine refuses documents: they are left out');
  }

  /** Nothing of the messages is held while their documents are being written. */
  async #read(changed: readonly Changed[]): Promise<{ documents: SearchDocument[]; gone: Changed[] }> {
    const found = await this.#options.messages.get(changed);
    return {
      documents: found.filter((message) => message !== null).map(searchDocument),
      gone: changed.filter((_, index) => found[index] === null),
    };
  }
}
