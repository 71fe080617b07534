import {
  type ActionUpdate,
  applyAction,
  type ConversationId,
  groupLog,
  type Interval,
  inboxOf,
  isIn,
  type LogEntry,
  type Member,
  type MessageId,
  maySee,
  messageAsSeenBy,
  nextVisible,
  type Position,
  type SeenReactions,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type {
  ConversationStateStore,
  ConversationStore,
  LogPage,
  MessageKey,
  MessageStore,
  OfflineCache,
  ReactionStore,
  UpdateLog,
} from '@chasqui/ports';
import type { UpdateFrame } from '@chasqui/protocol';
import { droppedMessage } from './dropped-message.ts';
import { hiddenChatFrame, storedChatFrame } from './frames.ts';
import { withoutHidden } from './hidden-messages.ts';
import { type Quote, quotesOf } from './quotes.ts';
import { readState } from './read-state.ts';
import { updateFrame } from './update-frames.ts';

/** A page of a log: the content of `offline_messages`, `log_updates` and `GET /api/messages/offline`. */
export interface UpdatePage {
  updates: UpdateFrame[];
  /** The last position in the page, or the requested one if the page is empty. */
  position: Position;
  epoch: string;
  /** No update follows this page. */
  caughtUp: boolean;
  /** The requested position is not, or no longer, in this log: continue from the one given here (C10). */
  reset: boolean;
}

export interface LogReaderOptions {
  logs: UpdateLog;
  conversations: Pick<ConversationStore, 'entries'>;
  states: Pick<ConversationStateStore, 'hiddenAmong'>;
  reactions: Pick<ReactionStore, 'seen'>;
  messages: MessageStore;
  cache?: OfflineCache | undefined;
  /** A page ends with the update that crosses this many characters of JSON. */
  maxPageBytes: number;
  logger: Logger;
}

/** For whom a page is. */
interface Reader {
  userId: UserId;
  maySee(message: StoredMessage): boolean;
  /** A message that they may see, as they see it. */
  asSeen(message: StoredMessage): StoredMessage;
  /** Whether they may see the reactions to a message that an update of this log names. */
  maySeeReactions(messageId: MessageId): boolean;
  /** The log is the user's inbox, whose messages may be cached. */
  cached: boolean;
}

/** What of some messages is their reader's own. */
interface Views {
  hidden: ReadonlySet<MessageId>;
  quotes: ReadonlyMap<MessageId, Quote>;
  reactions: ReadonlyMap<MessageId, SeenReactions>;
}

/** Number of entries whose bodies are read first; their size determines how many more fit in the page. */
const FIRST_PIECE = 64;

/** Reads logs with the messages' bodies, for sockets and HTTP alike. */
export class LogReader {
  readonly #options: LogReaderOptions;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  /**
   * The updates after a position. The page ends before an entry whose message is still being stored, with `caughtUp`
   * false (C10). Errors: `store_unavailable`.
   */
  async page(userId: UserId, after: Position, limit: number, epoch?: string): Promise<UpdatePage> {
    const { logs } = this.#options;
    const log = inboxOf(userId);
    let page = await logs.page(log, after, limit);
    if (after > page.head && epoch === page.epoch) {
      // The device has positions that the log lacks, so the log was cut. The user's other devices must get a reset too,
      // even if they sync after the head has passed their positions.
      await logs.renew(log, epoch);
      page = await logs.page(log, after, limit);
    }
    let from = after;
    const reset = isElsewhere(page, after, epoch);
    if (reset) {
      from = page.floor;
      page = await logs.page(log, from, limit);
    }
    const reader = {
      userId,
      maySee: (message: StoredMessage) => maySee(message, userId),
      asSeen: (message: StoredMessage) => message,
      // An inbox has updates of what its owner may see alone.
      maySeeReactions: () => true,
      cached: true,
    };
    const updates = await this.#frames(page.entries, reader);
    const position = from + updates.length;
    return { updates, position, epoch: page.epoch, caughtUp: position >= page.head, reset };
  }

  /**
   * The updates of a group's log after a position, of what the intervals of the member show (C20): `visibleIntervals`, at least one.
   * The page's position may be beyond the last update, where nothing more is visible before it. As above otherwise, but
   * for one thing: a device that claims positions which the log lacks is reset alone, as it may lie, and the log is that
   * of many.
   */
  async groupPage(
    userId: UserId,
    group: ConversationId,
    { intervals, member }: { intervals: readonly Interval[]; member: Pick<Member, 'leftAt'> },
    { after, limit, epoch }: { after: Position; limit: number; epoch?: string },
  ): Promise<UpdatePage> {
    const { logs } = this.#options;
    const log = groupLog(group);
    const read = (from: Position) => {
      const next = nextVisible(intervals, from);
      return next === null ? null : logs.page(log, next.after, limit);
    };
    let page = (await read(after)) ?? (await logs.page(log, after, 1));
    const reset = isElsewhere(page, after, epoch);
    const from = reset ? page.floor : after;
    if (reset) page = (await read(from)) ?? page;
    const next = nextVisible(intervals, from);
    if (next === null) return { updates: [], position: from, epoch: page.epoch, caughtUp: true, reset };
    const { upTo = page.head } = next;
    const isVisible = (messageId: MessageId) => isIn(intervals, messageId);
    const reader = {
      userId,
      maySee: ({ messageId }: StoredMessage) => isVisible(messageId),
      asSeen: (message: StoredMessage) => messageAsSeenBy(member, message),
      // Those of now are not for who has left.
      maySeeReactions: (messageId: MessageId) => member.leftAt === 0 && isVisible(messageId),
      cached: false,
    };
    const updates = await this.#frames(
      page.entries.filter(({ position }) => position <= upTo),
      reader,
    );
    const position = next.after + updates.length;
    const caughtUp = position >= page.head || (position >= upTo && nextVisible(intervals, position) === null);
    return { updates, position, epoch: page.epoch, caughtUp, reset };
  }

  async #frames(entries: readonly LogEntry[], reader: Reader): Promise<UpdateFrame[]> {
    const { maxPageBytes } = this.#options;
    const actions = entries.filter((entry) => entry.type === 'action');
    const updates: UpdateFrame[] = [];
    let bytes = 0;
    // Bodies are read in pieces that fit the page: only few if the messages are long.
    for (let piece = FIRST_PIECE; updates.length < entries.length; ) {
      const some = entries.slice(updates.length, updates.length + piece);
      const bodies = await this.#bodies(some, reader);
      await this.#addDropped(some, bodies);
      for (const entry of actions) act(bodies, entry);
      const views = await this.#views(some, bodies, reader);
      for (const entry of some) {
        const update = this.#frame(entry, bodies, views);
        if (update === null) return updates;
        updates.push(update);
        bytes += JSON.stringify(update).length;
        if (bytes > maxPageBytes) return updates;
      }
      piece = Math.ceil(((maxPageBytes - bytes) * updates.length) / bytes) + 1;
    }
    return updates;
  }

  /** Null for a message whose body is not stored yet. */
  #frame(
    entry: LogEntry,
    bodies: ReadonlyMap<MessageId, StoredMessage>,
    { hidden, quotes, reactions }: Views,
  ): UpdateFrame | null {
    if (entry.type === 'action')
      return updateFrame(entry, hidden.has(entry.messageId) ? undefined : bodies.get(entry.messageId));
    if (entry.type === 'react')
      return updateFrame(entry, null, hidden.has(entry.messageId) ? null : reactions.get(entry.messageId));
    if (entry.type !== 'message') return updateFrame(entry);
    const message = bodies.get(entry.messageId);
    if (message === undefined) return null;
    if (hidden.has(entry.messageId)) return hiddenChatFrame(message, entry.position);
    const { messageId } = entry;
    const view = { quoted: quotes.get(messageId), reactions: reactions.get(messageId) };
    return storedChatFrame(message, entry.position, view);
  }

  /** A quote shows nothing that its reader may not see, or has hidden. Reactions are those of now. */
  async #views(
    entries: readonly LogEntry[],
    bodies: ReadonlyMap<MessageId, StoredMessage>,
    { userId, maySee, asSeen, maySeeReactions }: Reader,
  ): Promise<Views> {
    const { messages, states, reactions } = this.#options;
    const shown = [...bodies.values()];
    const named = entries.filter((entry) => entry.type === 'react');
    const keys = new Map<MessageId, MessageKey>(
      [...shown, ...named].map(({ conversationId, messageId }) => [messageId, { conversationId, messageId }]),
    );
    const wanted = [...keys.values()];
    const reacted = wanted.filter(({ messageId }) => maySeeReactions(messageId));
    const [isHidden, seen, quotes] = await Promise.all([
      states.hiddenAmong(userId, wanted),
      reactions.seen(userId, reacted),
      quotesOf(messages, shown, async (found) => {
        const visible = found.map((message) => (message !== null && maySee(message) ? asSeen(message) : null));
        return withoutHidden(states, userId, visible);
      }),
    ]);
    return {
      quotes,
      hidden: new Set(wanted.flatMap(({ messageId }, index) => (isHidden[index] ? [messageId] : []))),
      reactions: new Map(reacted.flatMap(({ messageId }, index) => (seen[index] ? [[messageId, seen[index]]] : []))),
    };
  }

  /** Messages that were recalled and then removed from the store are shown as recalled: the log names them for ever. */
  async #addDropped(entries: readonly LogEntry[], bodies: Map<MessageId, StoredMessage>): Promise<void> {
    const missing = entries
      .filter((entry) => entry.type === 'message')
      .filter(({ messageId }) => !bodies.has(messageId));
    if (missing.length === 0) return;
    const below = (await this.#options.messages.droppedBelow?.()) ?? '';
    for (const entry of missing) if (entry.messageId < below) bodies.set(entry.messageId, droppedMessage(entry));
  }

  /** The messages of the entries, and those that edits changed: these are read from the store, as a cached one may be older. */
  async #bodies(entries: readonly LogEntry[], reader: Reader): Promise<Map<MessageId, StoredMessage>> {
    const edited = entries.filter(isEdit);
    const isEdited = new Set(edited.map(({ messageId }) => messageId));
    const wanted = entries
      .filter((entry) => entry.type === 'message')
      .filter(({ messageId }) => !isEdited.has(messageId));
    const cached = await this.#cached(
      wanted.map((entry) => entry.messageId),
      reader,
    );
    const missing = [...wanted.filter((_, index) => cached[index] === null), ...edited];
    const stored = missing.length === 0 ? [] : await this.#options.messages.get(missing);
    const bodies = new Map<MessageId, StoredMessage>();
    const found = [...cached, ...stored]
      .filter((message) => message !== null)
      .filter((message) => !isEdited.has(message.messageId) || reader.maySee(message));
    for (const message of await readState(this.#options, found)) bodies.set(message.messageId, reader.asSeen(message));
    return bodies;
  }

  /** The offline cache has messages by their receivers, so none for groups. */
  async #cached(messageIds: MessageId[], { userId, cached }: Reader): Promise<(StoredMessage | null)[]> {
    const { cache, logger } = this.#options;
    if (!cached || cache === undefined) return messageIds.map(() => null);
    try {
      return await cache.get(userId, messageIds);
    } catch (error) {
      logger.debug({ err: error }, 'the offline cache is unavailable: reading the message store');
      return messageIds.map(() => null);
    }
  }
}

/** Whether the log, in this epoch, has no such position, or no longer (C10). */
function isElsewhere(page: LogPage, after: Position, epoch: string | undefined): boolean {
  return after < page.floor || after > page.head || (epoch !== undefined && epoch !== page.epoch && after > 0);
}

function isEdit(entry: LogEntry): entry is LogEntry & ActionUpdate {
  return entry.type === 'action' && entry.action === 'edit';
}

/** A cached body may be older than a recall of it, which is in the same page. */
function act(bodies: Map<MessageId, StoredMessage>, { action, messageId, revision, by, at }: ActionUpdate): void {
  const message = bodies.get(messageId);
  if (action !== 'recall' || message === undefined || message.revision >= revision) return;
  bodies.set(messageId, applyAction(message, { action, revision, by, at }));
}
