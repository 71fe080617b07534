import { EventConsumer, SEARCH_RULES, type ShardTroubles } from '@chasqui/core';
import { type Clock, type MessageId, type Random, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';
import { inParallel, type Logger, RecentMap, spanEach, type Tracing } from '@chasqui/kit';
import type { BusDelivery, MessageBus, MessageStore, SearchDocument, SearchIndex } from '@chasqui/ports';
import { searchDocument, versionOf } from './search-documents.ts';
import { writeDocuments } from './write-documents.ts';

/** Bus messages decoded, and messages read and written, at a time: between two pieces others get their turn. */
const DECODED = 8;
const PIECE = 200;
/** Of a batch: an index that commits a few times a second would else take no more than a piece each time. */
const PIECES_AT_ONCE = 8;
/** Messages whose version in the index is remembered: the newest, and at most as many older ones. */
const RECENTLY_WRITTEN = 25_000;

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
  /**
   * Which versions this process brought into the index. A message is stored and delivered within moments, and as the store is
   * asked what it says *now*, the second of two events has mostly nothing left to do: neither a read nor a write.
   */
  readonly #written = new RecentMap<MessageId, number>(RECENTLY_WRITTEN);

  readonly #events: EventConsumer<SearchEvent>;

  constructor(options: IndexWriterOptions) {
    this.#options = options;
    const { bus, clock, logger } = options;
    this.#events = new EventConsumer({
      topic: SEARCH_TOPIC,
      bus,
      clock,
      logger,
      rules: SEARCH_RULES,
      decodedAtOnce: DECODED,
      handle: (events) => this.#follow(events.map(({ event }) => event)),
      divide: (event) => event.messages.map((message) => ({ ...event, messages: [message] })),
    });
  }

  /** See `EventConsumer.handle`. */
  handle(batch: readonly BusDelivery[]): Promise<void> {
    return this.#events.handle(batch);
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#events.troubles();
  }

  async #follow(events: readonly SearchEvent[]): Promise<void> {
    const { tracing } = this.#options;
    const keys = new Map<string, Changed>();
    for (const { messages } of events) {
      for (const message of messages) {
        if (this.#isWritten(message)) continue;
        // Later changes of it carry no trace.
        if (message.trace !== undefined || !keys.has(message.messageId)) keys.set(message.messageId, message);
      }
    }
    const changed = [...keys.values()];
    const pieces: Changed[][] = [];
    for (let start = 0; start < changed.length; start += PIECE) pieces.push(changed.slice(start, start + PIECE));
    const traceparentOf = ({ trace }: Changed) => trace;
    await inParallel(pieces, PIECES_AT_ONCE, (piece) =>
      spanEach(tracing, 'index', piece, traceparentOf, () => this.#index(piece)),
    );
  }

  #isWritten({ messageId, status }: Changed): boolean {
    return status !== undefined && (this.#written.get(messageId) ?? 0) >= versionOf(status);
  }

  async #index(changed: readonly Changed[]): Promise<void> {
    const { search, clock, random, logger, indexed, leftOut } = this.#options;
    const { documents, gone } = await this.#read(changed);
    if (gone.length > 0) await search.remove(gone);
    const refused = await writeDocuments(documents, { index: (some) => search.index(some), clock, random });
    for (const { messageId, version } of documents) this.#written.set(messageId, version);
    indexed(documents.length - refused.length);
    if (refused.length === 0) return;
    leftOut(refused.length);
    const messageIds = refused.map(({ messageId }) => messageId);
    logger.error({ err: refused[0]?.fault, messageIds }, 'the search engine refuses documents: they are skipped');
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
