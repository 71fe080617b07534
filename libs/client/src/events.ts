import type {
  ConversationId,
  ConversationState,
  ImError,
  MessageId,
  MomentId,
  Position,
  ReceiptState,
  UserId,
} from '@chasqui/domain';
import type { ChatMessage } from './conversations/chat-message.ts';
import type { ShownReactions } from './conversations/shown-reactions.ts';
import type { GroupHead, MembershipNews, Notice } from './groups/group-news.ts';

/** `offline`: it will reconnect by itself. `closed`: it stays closed until `connect()` is called. */
export type ClientState = 'offline' | 'connecting' | 'online' | 'closed';

export interface StateEvent {
  state: ClientState;
  /**
   * The reason, if there is one: an error code and, if the server closed, its close code. `field`: what of the login the
   * server refused, if it said so.
   */
  reason?: { code: string; message: string; field?: string | undefined; closeCode?: number };
  /** Time until the next attempt, ms (`offline`). */
  retryInMs?: number;
}

export interface MessageShown {
  message: ChatMessage;
  /** Index in `conversation(message.conversationId).messages`; -1: older than all that is kept there. */
  index: number;
  /** As `message.provisional`. */
  provisional: boolean;
}

export interface MessageUpdated {
  message: ChatMessage;
  index: number;
  /** The former index; -1: none. */
  previousIndex: number;
}

/** The events of a client. `peer`: the other user of a direct conversation; empty in any other. */
export interface ClientEvents {
  state: StateEvent;
  /** A message came from the server, sent by another user or by another device of this user. Once per message (C6). */
  message: MessageShown;
  /** A message's state, id, place or content changed, or an own message was added by `send`. */
  update: MessageUpdated;
  /** A provisional message was not stored, or the user deleted a message for themselves: remove it from the screen. `message`: present if it was still in memory. */
  retract: { conversationId: ConversationId | ''; peer: UserId; messageId: MessageId; message?: ChatMessage };
  /** New statuses of own messages: `unread` and `delivered` name them, `read` covers all up to `upTo`. */
  receipt: {
    conversationId: ConversationId;
    peer: UserId;
    state: ReceiptState;
    messageIds: MessageId[];
    upTo?: MessageId;
    at: number;
  };
  /** The user's mark moved up to here, on this or another device. */
  read: { peer: UserId; conversationId: ConversationId; upTo: MessageId; at: number };
  /** The user changed what they have set in a conversation, on this or another device, or a change was refused. */
  conversation_state: { peer: UserId; conversationId: ConversationId; state: ConversationState };
  recall: { peer: UserId; conversationId: ConversationId; messageId: MessageId; by: UserId; at: number };
  /** With `actions`: a message was edited by its sender. It may not be in memory. */
  edit: { peer: UserId; conversationId: ConversationId; messageId: MessageId } & Required<
    Pick<ChatMessage, 'content' | 'editedAt' | 'revision'>
  > &
    Pick<ChatMessage, 'mentions'>;
  /**
   * With `actions`: the reactions to a message changed, as they are shown: own ones that wait for the server are in them. It
   * may not be in memory.
   */
  reactions: { peer: UserId; conversationId: ConversationId; messageId: MessageId; reactions: ShownReactions };
  /** Another user liked the user's moment, or commented on it (`commentId`). Once per update of the inbox. */
  moment: { momentId: MomentId; event: 'like' | 'comment'; by: UserId; commentId?: MomentId; at: number };
  /** This device has everything up to `position`. */
  synced: { position: Position };
  presence: { userId: UserId; online: boolean; at: number };
  /** The user `from` starts or stops typing. */
  typing: { conversationId: ConversationId; peer: UserId; from: UserId; active: boolean };
  /** The server ended the session for good; `state: closed` follows. */
  kicked: { reason: 'session_replaced' | 'logged_out' | 'token_expired' };
  /** The store does not take everything any more (`error` says why), and memory takes its place; or it does again. */
  storage: { error: ImError | undefined };
  /** An error that belongs to no promise: of the session or an event handler. */
  error: ImError;
}

/** The events of a client with groups. */
export interface GroupEvents extends ClientEvents {
  /** What a list of conversations shows of a group has changed. No `head`: it is in no list of the user any more. */
  group: { conversationId: ConversationId; head: GroupHead | undefined };
  /** All news of the user's groups have come: after each login, and then now and again. */
  groups: Record<never, never>;
  /** Something happened in a group. Once per group that is open, as far as it came live in others. */
  notice: Notice;
  /** What became of the user in a group: added, removed, another role … Once per update of the inbox. */
  membership: MembershipNews;
  /** Another member of a small group has read it up to a message. Live only. */
  readMark: { conversationId: ConversationId; by: UserId; upTo: MessageId; at: number };
}
