import {
  type ConversationId,
  directPeer,
  ImError,
  isGroupId,
  type MessageId,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import type { MessageKey, UnreadState } from '@chasqui/ports';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import { type LineOutcome, outcomesOf } from './line-outcomes.ts';

/** Marks that are moved in parallel: the embedded engine does all that wait in one commit. */
const AT_ONCE = 1_000;
/** Members of a group that are read together. */
const PAGE = 500;

interface Read extends MessageKey {
  /** Who has read it; null: everybody in the group. */
  userId: UserId | null;
}
type Mark = MessageKey & { userId: UserId };

/**
 * Moves read marks as an import says: those of the receivers of direct messages with the messages, those of all members
 * of a group once, at the end.
 */
export class ImportMarks {
  readonly #context: ImportContext;
  /** The last message of each group that its members have read. Bounded by the lines of one call. */
  readonly #groups = new Map<ConversationId, MessageId>();

  constructor(context: ImportContext) {
    this.#context = context;
  }

  /** Lines that say how far a user has read. */
  async read(lines: readonly LineOf<'read'>[]): Promise<LineOutcome[]> {
    const key = ({ conversationId, userId }: LineOf<'read'>) => `${conversationId} ${userId}`;
    return outcomesOf(lines, { key, atOnce: AT_ONCE }, (line) => this.#readOne(line));
  }

  async #readOne({ conversationId, userId, upTo }: LineOf<'read'>): Promise<LineOutcome> {
    if (!isGroupId(conversationId) && directPeer(conversationId, userId) === null) {
      return new ImError('not_a_member', 'this user is not in this conversation', { field: 'userId' });
    }
    const [found] = await this.#context.messages.get([{ conversationId, messageId: upTo }]);
    if (found == null) {
      return new ImError('message_not_found', 'there is no such message in this conversation', { field: 'upTo' });
    }
    const { changed, unread } = await this.#move({ conversationId, userId, messageId: upTo });
    if (!isGroupId(conversationId)) await this.cache([unread]);
    return changed ? 'imported' : 'repeated';
  }

  /** Moves marks to the highest of the given messages; those of groups at the end. */
  async move(read: readonly Read[]): Promise<void> {
    const highest = new Map<string, Mark>();
    for (const { conversationId, messageId, userId } of read) {
      if (userId === null) {
        if (messageId > (this.#groups.get(conversationId) ?? '')) this.#groups.set(conversationId, messageId);
        continue;
      }
      const key = `${conversationId} ${userId}`;
      if (messageId > (highest.get(key)?.messageId ?? '')) highest.set(key, { conversationId, messageId, userId });
    }
    const states: UnreadState[] = [];
    await inParallel(highest.values(), AT_ONCE, async (mark) => {
      states.push((await this.#move(mark)).unread);
    });
    await this.cache(states);
  }

  /** Counts that the cache misses are wrong there until they expire, a minute later. */
  async cache(states: readonly UnreadState[]): Promise<void> {
    const { unreadCache, logger } = this.#context;
    if (states.length === 0) return;
    await unreadCache.set(states).catch((error: unknown) => {
      logger.warn({ err: error }, 'the unread cache does not know of an import yet');
    });
  }

  /** Moves the marks of all members of the groups; newcomers have theirs at the last message that was there before. */
  async finish(): Promise<void> {
    const { groups } = this.#context;
    for (const [conversationId, messageId] of this.#groups) {
      let page = await groups.page(conversationId, { limit: PAGE });
      for (;;) {
        await inParallel(
          page,
          AT_ONCE,
          async ({ userId }) => void (await this.#move({ conversationId, userId, messageId })),
        );
        const after = page.at(-1);
        if (after === undefined || page.length < PAGE) break;
        page = await groups.page(conversationId, { after, limit: PAGE });
      }
    }
  }

  #move({ conversationId, userId, messageId: upTo }: Mark) {
    const { conversations, nodeId: node } = this.#context;
    return conversations.markRead({ conversationId, userId, upTo, at: timeOf(upTo), node });
  }
}
