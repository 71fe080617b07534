import { type MessageContent, type MessageId, type Position, previewOf, type UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { GroupHead } from './group-news.ts';
import { mentionsUser } from './mentions.ts';

/** What a head shows and counts of a message. */
export interface HeadMessage extends Pick<ChatMessage, 'from' | 'clientMessageId' | 'mentions' | 'sentAt'> {
  messageId: MessageId;
  /** Absent: it was recalled. */
  content?: MessageContent;
  /** Absent: it is provisional. */
  position?: Position;
}

interface Pending {
  messageId: MessageId;
  /** False: another id may replace this one. */
  isFinal: boolean;
  /** When it came, on this device's clock. */
  at: number;
  from: UserId;
  preview: string;
  sentAt: number;
  /** Added to `unread` and to `mentions`. */
  unread: 0 | 1;
  mentions: 0 | 1;
}

/** Messages that came since the server counted. Beyond: the one with the lowest id counts as if the server had counted it. */
const MAX_PENDING = 32;

/**
 * The head of one group between two counts of the server: what the server said, and upon it the messages that came
 * since, which have ids above the last one that the server counted. Pure.
 */
export class LiveHead {
  readonly #user: UserId;
  readonly #pending = new Map<string, Pending>();
  #told: GroupHead;
  #head: GroupHead;
  /** The last message that was counted here as if the server had counted it; empty: none since the server counted. */
  #counted: MessageId | '' = '';

  constructor(user: UserId, told: GroupHead) {
    this.#user = user;
    this.#told = told;
    this.#head = told;
  }

  /** A new object with each change. */
  get head(): GroupHead {
    return this.#head;
  }

  /**
   * The server counted anew. Returns false if that was before the user's mark moved, or before messages that are counted
   * here for good: the counts are not certain.
   */
  told(head: GroupHead): boolean {
    const isOlder = (head.lastMessageId ?? '') < this.#counted;
    this.#counted = '';
    // What is counted here stays until the server counts again, unless the group is another one to the user now.
    if (isOlder && head.role !== undefined && head.epoch === this.#told.epoch) return false;
    const { readUpTo = '' } = this.#told;
    const before = this.#head;
    this.#told = head;
    for (const [identity, { isFinal, messageId }] of this.#pending) {
      if (isFinal && messageId <= (head.lastMessageId ?? '')) this.#pending.delete(identity);
    }
    const isCertain = readUpTo <= (head.readUpTo ?? '') || this.read(readUpTo, undefined);
    this.#show();
    if (JSON.stringify(this.#head) === JSON.stringify(before)) this.#head = before;
    return isCertain;
  }

  /** What a notice or an update of the user's membership says. */
  change(changes: Partial<GroupHead>): void {
    this.#told = { ...this.#told, ...changes };
    this.#show();
  }

  /** The user is no longer in the group. */
  left(changes: Partial<GroupHead>): void {
    const { role: _, mutedUntil: __, ...others } = this.#told;
    this.#pending.clear();
    this.#told = { ...others, ...changes, unread: 0, mentions: 0 };
    this.#show();
  }

  /** Returns false if the counts are not certain: the message may belong before others that are counted here for good. */
  message(
    { messageId, from, clientMessageId, content = {}, mentions, sentAt, position }: HeadMessage,
    at: number,
  ): boolean {
    const known = this.#pending.get(clientMessageId + from);
    const isFinal = position !== undefined;
    if (known !== undefined && (known.isFinal || !isFinal)) return true;
    if (known === undefined && isFinal && messageId <= (this.#told.lastMessageId ?? ''))
      return messageId > this.#counted;
    const isMine = from === this.#user;
    const counts = { unread: isMine ? 0 : 1, mentions: !isMine && mentionsUser(mentions, this.#user) ? 1 : 0 } as const;
    const preview = previewOf(content);
    this.#pending.set(clientMessageId + from, { messageId, isFinal, at, from, preview, sentAt, ...counts });
    const isCertain = this.#pending.size <= MAX_PENDING || this.#countLowest();
    this.#show();
    return isCertain;
  }

  /** A message has its final id. Returns as `message`. */
  stored(provisional: MessageId, messageId: MessageId): boolean {
    const pending = this.#find(provisional)?.[1];
    if (pending === undefined) return true;
    pending.messageId = messageId;
    pending.isFinal = true;
    if (provisional !== messageId) this.#show();
    return messageId > (this.#told.lastMessageId ?? '');
  }

  retracted(messageId: MessageId): void {
    const [identity, pending] = this.#find(messageId) ?? [];
    if (identity === undefined || pending?.isFinal) return;
    this.#pending.delete(identity);
    this.#show();
  }

  /** Provisional messages that came before this time were not stored. */
  expire(before: number): void {
    const size = this.#pending.size;
    for (const [identity, { isFinal, at }] of this.#pending) {
      if (!isFinal && at < before) this.#pending.delete(identity);
    }
    if (this.#pending.size < size) this.#show();
  }

  /** `content`: since an edit; empty: it was recalled. */
  changed(messageId: MessageId, content: MessageContent): void {
    const preview = previewOf(content);
    const pending = this.#find(messageId)?.[1];
    if (pending !== undefined) pending.preview = preview;
    if (this.#told.lastMessageId === messageId) this.#told = { ...this.#told, preview };
    if (this.#head.lastMessageId === messageId) this.#show();
  }

  /** An edit mentions the user. Returns false if the counts are not certain: the server has counted the message. */
  named(messageId: MessageId): boolean {
    const pending = this.#find(messageId)?.[1];
    if (pending === undefined || messageId <= (this.#told.lastMessageId ?? ''))
      return messageId <= (this.#told.readUpTo ?? '');
    pending.mentions = pending.unread;
    this.#show();
    return true;
  }

  /**
   * The user's mark moved. `messages`: the group's messages from some place on; undefined: not known. Returns false if the
   * counts are not certain: the server must count.
   */
  read(upTo: MessageId, messages: readonly ChatMessage[] | undefined): boolean {
    const { lastMessageId = '', readUpTo = '' } = this.#told;
    if (upTo < readUpTo) return true;
    const after = messages?.filter((message) => message.messageId > upTo && message.messageId <= lastMessageId);
    const reachesMark = messages?.some(({ messageId }) => messageId !== '' && messageId <= upTo) === true;
    const isCertain = upTo >= lastMessageId || reachesMark;
    const others = after?.filter(({ mine }) => !mine) ?? [];
    const counts = {
      unread: others.length,
      mentions: others.filter(({ mentions }) => mentionsUser(mentions, this.#user)).length,
    };
    this.#told = { ...this.#told, readUpTo: upTo, ...(isCertain ? counts : {}) };
    this.#show();
    return isCertain;
  }

  #find(messageId: MessageId): [string, Pending] | undefined {
    for (const entry of this.#pending) if (entry[1].messageId === messageId) return entry;
    return undefined;
  }

  #countLowest(): boolean {
    const byId = [...this.#pending].sort(([, a], [, b]) => (a.messageId > b.messageId ? 1 : -1));
    const [identity, lowest] = byId[0] as [string, Pending];
    this.#pending.delete(identity);
    if (lowest.messageId <= (this.#told.lastMessageId ?? '')) return false;
    this.#told = this.#with(this.#told, lowest);
    this.#counted = lowest.messageId;
    return true;
  }

  #show(): void {
    let head = this.#told;
    for (const pending of this.#pending.values())
      if (pending.messageId > (this.#told.lastMessageId ?? '')) head = this.#with(head, pending);
    this.#head = head;
  }

  #with(head: GroupHead, { messageId, from, preview, sentAt, unread, mentions }: Pending): GroupHead {
    const isLast = messageId > (head.lastMessageId ?? '');
    const isUnread = messageId > (head.readUpTo ?? '');
    return {
      ...head,
      ...(isLast ? { lastMessageId: messageId, lastFrom: from, preview } : {}),
      updatedAt: Math.max(head.updatedAt, sentAt),
      unread: head.unread + (isUnread ? unread : 0),
      mentions: head.mentions + (isUnread ? mentions : 0),
    };
  }
}
