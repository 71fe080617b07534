import type { ChatMessage, ClientEvents } from '@chasqui/client';
import { defined, type MessageId, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { peerIn } from './direct.ts';
import { isNewer, laterState } from './timeline.ts';

/** A contiguous part of a conversation, as loaded from the server. */
export interface History {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Present when older messages exist, below this id. */
  readonly nextBefore?: MessageId;
  /** True: newer messages than these are not loaded, because the user jumped far back. */
  readonly detached: boolean;
  readonly status: 'loading' | 'ready' | 'failed';
}

export interface Page {
  /** Oldest first. */
  messages: readonly ChatMessage[];
  nextBefore?: MessageId;
}

/** Messages of one conversation that the page keeps. Beyond: the newest are evicted, and the history is detached. */
export const MAX_HISTORY = 1_000;

export const EMPTY_HISTORY: History = { messages: [], detached: false, status: 'loading' };

/** Adds a page of older messages. */
export function withOlder(history: History, { messages: older, nextBefore }: Page): History {
  const all = [...older, ...history.messages];
  const messages = all.slice(0, MAX_HISTORY);
  const detached = history.detached || messages.length < all.length;
  return { messages, detached, status: 'ready', ...defined({ nextBefore }) };
}

/** Adds the messages that follow; the oldest beyond `MAX_HISTORY` are evicted. `isNewest`: there are no newer ones. */
export function withNewer(history: History, newer: readonly ChatMessage[], isNewest: boolean): History {
  const all = [...history.messages, ...newer];
  const messages = all.slice(-MAX_HISTORY);
  const first = messages[0]?.messageId;
  const nextBefore = messages.length < all.length && first !== '' ? first : history.nextBefore;
  return { messages, detached: !isNewest, status: 'ready', ...defined({ nextBefore }) };
}

/**
 * Adds the newest page: merged where it overlaps; where messages between the two are missing, it replaces the history.
 */
export function withNewest(history: History, page: Page): History {
  const { messages: old, detached } = history;
  const first = page.messages[0]?.sortKey ?? '';
  const touches = page.nextBefore === undefined || (old.at(-1)?.sortKey ?? '') >= first;
  if (detached || !touches || old.length === 0) {
    return { ...page, detached: false, status: 'ready' };
  }
  const { nextBefore } = (old[0]?.sortKey ?? '') < first ? history : page;
  const messages = [...old.filter(({ sortKey }) => sortKey < first), ...page.messages];
  return { messages, detached: false, status: 'ready', ...defined({ nextBefore }) };
}

export function withReceipt(history: History, receipt: ClientEvents['receipt']): History {
  const { state, messageIds, upTo } = receipt;
  return changed(
    history,
    ({ mine, messageId }) =>
      mine && messageId !== '' && (messageIds.includes(messageId) || (upTo !== undefined && messageId <= upTo)),
    (message) => ({ ...message, state: laterState(message.state, state) }),
  );
}

export function withRecall(history: History, { messageId, by, at }: ClientEvents['recall']): History {
  return changed(
    history,
    (message) => message.messageId === messageId,
    ({ reactions: _, ...message }) => ({ ...message, content: {}, recalledAt: at, recalledBy: by }),
  );
}

export function withEdit(history: History, { messageId, ...edit }: ClientEvents['edit']): History {
  const { content, editedAt, revision, mentions } = edit;
  return changed(
    history,
    (message) => message.messageId === messageId && isNewer(revision, message),
    (message) => ({ ...message, content, editedAt, revision, ...defined({ mentions }) }),
  );
}

/** Without a message that the user has deleted for themselves. */
export function withoutMessage(history: History, messageId: MessageId): History {
  if (!history.messages.some((message) => message.messageId === messageId)) return history;
  return { ...history, messages: history.messages.filter((message) => message.messageId !== messageId) };
}

function changed(
  history: History,
  matches: (message: ChatMessage) => boolean,
  change: (message: ChatMessage) => ChatMessage,
): History {
  if (!history.messages.some(matches)) return history;
  return { ...history, messages: history.messages.map((message) => (matches(message) ? change(message) : message)) };
}

/** The id right after this one, so that a page before it includes the message itself. */
export function justAfter(id: MessageId): MessageId {
  return (BigInt(`0x${id}`) + 1n).toString(16).padStart(24, '0');
}

/** Converts a message of the history to the client library's form. */
export function historyMessage(frame: ServerFrameOf<'chat'>, me: UserId): ChatMessage {
  const {
    messageId,
    conversationId,
    clientMessageId,
    from,
    content = {},
    mentions,
    replyTo,
    forwarded,
    sentAt,
    status = 'stored',
    recalledAt,
    recalledBy,
    editedAt,
    revision,
    reactions,
  } = frame;
  return {
    messageId,
    sortKey: messageId,
    clientMessageId,
    conversationId,
    peer: peerIn(conversationId, me),
    from,
    mine: from === me,
    content,
    sentAt,
    state: status,
    provisional: false,
    ...defined({ mentions, replyTo, forwarded, recalledAt, recalledBy, editedAt, revision, reactions }),
  };
}
