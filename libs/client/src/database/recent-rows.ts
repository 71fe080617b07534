import type { ChatMessage } from '../conversations/chat-message.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { KeptMessage } from '../storing/durable-store.ts';
import { changedMessage } from './changed-message.ts';
import type { DatabaseChanges } from './engine.ts';
import { RECENT_CONVERSATIONS, RECENT_MESSAGES } from './recent-messages.ts';

/** After so many messages, those that `all` does not return are removed: there are never more of them. */
const SHRINK_EVERY = 1_000;

/** The messages of `DatabaseEngine.recent`, for a database that cannot read them at once. */
export class RecentRows {
  /** Of each conversation the newest, in order. */
  readonly #rows = new Map<ConversationKey, ChatMessage[]>();
  #count = 0;

  constructor(recent: readonly KeptMessage[]) {
    for (const row of recent) this.#put(row);
  }

  apply({ forgotten, messages, changes, trimmed }: DatabaseChanges): void {
    for (const conversation of forgotten) this.#rows.delete(conversation);
    for (const row of messages) this.#put(row);
    for (const { conversation, messageId, change } of changes) {
      const rows = this.#rows.get(conversation) ?? [];
      const place = rows.findIndex((row) => row.messageId === messageId);
      const old = rows[place];
      if (old !== undefined) rows.splice(place, 1, ...(change === null ? [] : [changedMessage(old, change)]));
    }
    for (const [conversation, limit] of trimmed) {
      const rows = this.#rows.get(conversation);
      rows?.splice(0, Math.max(0, rows.length - limit));
    }
  }

  all(): KeptMessage[] {
    const last = ([, rows]: [ConversationKey, ChatMessage[]]) => rows.at(-1)?.messageId ?? '';
    const newestFirst = [...this.#rows].sort((a, b) => (last(a) < last(b) ? 1 : -1));
    return newestFirst.flatMap(([conversation, rows], i) =>
      rows.slice(i < RECENT_CONVERSATIONS ? 0 : -1).map((message) => ({ conversation, message })),
    );
  }

  clear(): void {
    this.#rows.clear();
  }

  #put({ conversation, message }: KeptMessage): void {
    const rows = this.#rows.get(conversation) ?? [];
    this.#rows.set(conversation, rows);
    const place = rows.findLastIndex(({ messageId }) => messageId <= message.messageId);
    if (rows[place]?.messageId === message.messageId) rows[place] = message;
    else rows.splice(place + 1, 0, message);
    if (rows.length > RECENT_MESSAGES) rows.shift();
    if (++this.#count % SHRINK_EVERY === 0) this.#shrink();
  }

  #shrink(): void {
    const all = this.all();
    this.#rows.clear();
    for (const { conversation, message } of all) {
      this.#rows.set(conversation, [...(this.#rows.get(conversation) ?? []), message]);
    }
  }
}
