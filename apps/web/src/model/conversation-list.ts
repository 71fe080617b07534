import type { ChatMessage, ClientEvents, GroupHead, MessageState } from '@chasqui/client';
import {
  type ConversationId,
  type ConversationState,
  DEFAULT_STATE,
  defined,
  isGroupId,
  type MessageId,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { ConversationBody, DirectBody } from '../api-bodies.ts';

/** A live message that may be newer than the server's row. */
interface Arrival {
  clientMessageId: string;
  messageId: MessageId;
}

export interface LastMessage {
  /** As `ChatMessage.sortKey`. */
  sortKey: string;
  /** Present where this device knows it. */
  clientMessageId?: string;
  from: UserId;
  preview: string;
  recalled: boolean;
  /** Who recalled it, where that is known. */
  recalledBy?: UserId;
  /** Present where this device knows it. */
  state?: MessageState;
}

/** A row of the list. */
export interface Conversation {
  readonly conversationId: ConversationId;
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
  /** Present for a group. */
  readonly group?: GroupHead;
  readonly last?: LastMessage;
  /** What the user has set in it. */
  readonly state: ConversationState;
  /** Unix ms: orders the list. */
  readonly updatedAt: number;
  /** The server's unread count, which covers the messages up to `countedUpTo`. */
  readonly counted: number;
  readonly countedUpTo: MessageId | '';
  /** The mark as the server knows it; … */
  readonly readUpTo: MessageId | '';
  /** … and the mark that this device has sent. */
  readonly markedUpTo: MessageId | '';
  /**
   * Messages from others that are newer than the count. Bounded: each answer of the server removes those that it
   * covers.
   */
  readonly arrivals: readonly Arrival[];
}

export type ConversationList = ReadonlyMap<ConversationId, Conversation>;

const MAX_ARRIVALS = 10_000;

/**
 * Always exact (C8): the server's count, unless this device has marked it read since, plus the messages that arrived
 * after the count.
 */
export function unreadOf({ counted, countedUpTo, readUpTo, markedUpTo, arrivals }: Conversation): number {
  const later = arrivals.filter(
    ({ messageId }) => messageId > countedUpTo && messageId > markedUpTo && messageId > readUpTo,
  ).length;
  return (markedUpTo > readUpTo ? 0 : counted) + later;
}

/**
 * Merges rows of direct conversations from the server. They may be older than the live messages. Groups are the client
 * library's.
 */
export function withRows(list: ConversationList, rows: readonly ConversationBody[]): ConversationList {
  const next = new Map(list);
  for (const row of rows) {
    if (isDirect(row)) next.set(row.conversationId, withRow(list.get(row.conversationId), row));
  }
  return next;
}

function isDirect(row: ConversationBody): row is DirectBody {
  return row.peer !== undefined && row.lastMessage !== undefined;
}

function withRow(old: Conversation | undefined, row: DirectBody): Conversation {
  const { conversationId, peer, unread, readUpTo = '', updatedAt, lastMessage } = row;
  const { messageId, from, preview } = lastMessage;
  const live = old?.last;
  const rowLast = { sortKey: messageId, from, preview, recalled: false };
  return {
    conversationId,
    peer,
    state: old?.state ?? DEFAULT_STATE,
    counted: unread,
    countedUpTo: messageId,
    readUpTo,
    last: live !== undefined && live.sortKey >= messageId ? live : rowLast,
    updatedAt: Math.max(updatedAt, old?.updatedAt ?? 0),
    markedUpTo: old?.markedUpTo ?? '',
    arrivals: old?.arrivals.filter((arrival) => arrival.messageId > messageId) ?? [],
  };
}

/** A message arrived, was written here, or changed. */
export function withMessage(list: ConversationList, message: ChatMessage): ConversationList {
  const { peer, conversationId, sortKey, clientMessageId, from, content, state, sentAt } = message;
  const { recalledAt, recalledBy } = message;
  if (conversationId === '' || isGroupId(conversationId)) return list;
  const old = list.get(conversationId) ?? unknownConversation(conversationId, peer);
  const preview = previewOf(content);
  // Before the message had an id, its key sorted after every id.
  const isLast = sortKey >= (old.last?.sortKey ?? '') || old.last?.clientMessageId === clientMessageId;
  return new Map(list).set(conversationId, {
    ...old,
    arrivals: withArrival(old.arrivals, message),
    ...(isLast
      ? {
          last: {
            ...{ sortKey, clientMessageId, from, preview, recalled: recalledAt !== undefined, state },
            ...defined({ recalledBy }),
          },
          updatedAt: Math.max(old.updatedAt, sentAt),
        }
      : {}),
  });
}

function withArrival(arrivals: readonly Arrival[], message: ChatMessage): readonly Arrival[] {
  const { mine, clientMessageId, messageId } = message;
  if (mine || messageId === '') return arrivals;
  const others = arrivals.filter((arrival) => arrival.clientMessageId !== clientMessageId);
  return [...others, { clientMessageId, messageId }].slice(-MAX_ARRIVALS);
}

/** A provisional message was retracted. */
export function withoutMessage(
  list: ConversationList,
  conversationId: ConversationId | '',
  messageId: MessageId,
): ConversationList {
  const old = list.get(conversationId);
  if (old === undefined) return list;
  const arrivals = old.arrivals.filter((arrival) => arrival.messageId !== messageId);
  return new Map(list).set(conversationId, { ...old, arrivals });
}

/** A message was recalled; the list shows only the last one. */
export function withRecalled(
  list: ConversationList,
  { conversationId, messageId, by }: Pick<ClientEvents['recall'], 'conversationId' | 'messageId' | 'by'>,
): ConversationList {
  const old = list.get(conversationId);
  if (old?.last?.sortKey !== messageId) return list;
  return new Map(list).set(conversationId, {
    ...old,
    last: { ...old.last, preview: '', recalled: true, recalledBy: by },
  });
}

/** This device sends a mark to the server. */
export function withMark(list: ConversationList, conversationId: ConversationId, upTo: MessageId): ConversationList {
  const old = list.get(conversationId);
  if (old === undefined || upTo <= old.markedUpTo) return list;
  return new Map(list).set(conversationId, { ...old, markedUpTo: upTo });
}

/** The server reports the user's mark, moved on this or another device. */
export function withRead(list: ConversationList, conversationId: ConversationId, upTo: MessageId): ConversationList {
  const old = list.get(conversationId);
  if (old === undefined || upTo <= old.readUpTo) return list;
  const all = upTo >= old.countedUpTo;
  return new Map(list).set(conversationId, {
    ...old,
    readUpTo: upTo,
    counted: all ? 0 : old.counted,
    arrivals: old.arrivals.filter(({ messageId }) => messageId > upTo),
  });
}

export function unknownConversation(conversationId: ConversationId, peer: UserId): Conversation {
  return {
    conversationId,
    peer,
    state: DEFAULT_STATE,
    updatedAt: 0,
    counted: 0,
    countedUpTo: '',
    readUpTo: '',
    markedUpTo: '',
    arrivals: [],
  };
}

/** The other user, or the group's name; empty: a group that is not known. */
export function nameOf({ group, peer }: Conversation): string {
  return group?.name ?? peer;
}
