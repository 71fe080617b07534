import { EventConsumer, type RecentMessages, SEARCH_RULES, type ShardTroubles } from '@chasqui/core';
import {
  addresseesOf,
  type Clock,
  laterStatus,
  type MessageId,
  type Random,
  SEARCH_TOPIC,
  type SearchEvent,
} from '@chasqui/domain';
import { inParallel, type Logger, RecentMap, spanEach, type Tracing } from '@chasqui/kit';
import type { BusDelivery, MessageBus, MessageStore, SearchDocument, SearchIndex } from '@chasqui/ports';
import { searchDocument, versionOf } from './search-documents.ts';
import { writeDocuments } from './write-documents.ts';

/**
 * How many bus messages are decoded, and how many messages are read and written, in one piece. Other work runs between
 * two pieces.
 */
const DECODED = 8;
const PIECE = 200;
/** Pieces of a batch in parallel. One at a time would be slow on an index that commits only a few times a second. */
const PIECES_AT_ONCE = 8;
/** For how many messages the indexed version is remembered: the newest, and at most as many older ones. */
const RECENTLY_WRITTEN = 25_000;

type Changed = SearchEvent['messages'][number];

export interface IndexWriterOptions {
  bus: Pick<MessageBus, 'publish'>;
  messages: Pick<MessageStore, 'get'>;
  search: Pick<SearchIndex, 'index' | 'remove'>;
  /** What Business has stored in this process; absent: it is another one. */
  lately?: Pick<RecentMessages, 'take'> | undefined;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Absent: tracing is off. */
  tracing?: Tracing | undefined;
  indexed(count: number): void;
  leftOut(count: number): void;
}

/**
 * Updates the index to the message store's current state of the changed messages. An event only names messages, so
 * events may be repeated, late, or several for one message.
 */
export class IndexWriter {
  readonly #options: IndexWriterOptions;
  /**
   * The versions that this process has indexed. A message is usually stored and delivered within moments, and the first
   * event already indexes the current state, so the second mostly needs neither a read nor a write.
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
        const before = keys.get(message.messageId);
        keys.set(message.messageId, before === undefined ? message : together(before, message));
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

  /** A function of its own, so that the messages can be freed while their documents are written. */
  async #read(changed: readonly Changed[]): Promise<{ documents: SearchDocument[]; gone: Changed[] }> {
    const documents: SearchDocument[] = [];
    const unknown: Changed[] = [];
    for (const one of changed) {
      const document = this.#documentOf(one);
      if (document === null) unknown.push(one);
      else documents.push(document);
    }
    const found = await this.#options.messages.get(unknown);
    for (const message of found) if (message !== null) documents.push(searchDocument(message));
    return { documents, gone: unknown.filter((_, index) => found[index] === null) };
  }

  /**
   * Of a message that was stored lately, with the status that the event names. If the message has changed since, another
   * event follows, whose document has a higher version. Null: the store must be read.
   */
  #documentOf({ messageId, status }: Changed): SearchDocument | null {
    const message = this.#options.lately?.take(messageId);
    if (message === undefined || status === undefined) return null;
    const [member = '', ...others] = addresseesOf(message);
    // The event does not say whose the status is.
    if (others.length > 0) return null;
    return searchDocument({ ...message, statuses: { [member]: status }, revision: 0, steps: [] });
  }
}

/** Two changes of a message, as one. Without a status, the message must be read. */
function together(before: Changed, { status, trace, ...message }: Changed): Changed {
  const later = before.status === undefined || status === undefined ? undefined : laterStatus(before.status, status);
  return { ...message, status: later, trace: trace ?? before.trace };
}
