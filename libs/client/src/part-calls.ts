import type {
  ConversationId,
  ConversationState,
  MessageContent,
  MessageId,
  Reactor,
  SparseState,
  StateChange,
  UserId,
} from '@chasqui/domain';
import type { ConversationName } from './conversations/conversation-name.ts';
import type { ConversationView, WithState } from './conversations/conversation-view.ts';
import type { ReactedMessage } from './conversations/shown-reactions.ts';
import type { GroupEvents } from './events.ts';
import type { MembersPage, MembersQuery } from './groups/group-members.ts';
import type { GroupView } from './groups/group-view.ts';

/** What a client with groups can do in addition. */
export interface GroupCalls {
  on<K extends keyof GroupEvents>(event: K, handler: (event: GroupEvents[K]) => void): () => void;
  /** What this device knows of a group. */
  group(group: ConversationId): GroupView;
  /** The user's groups, those that the user left included; most recently updated first. */
  groups(): GroupView[];
  /**
   * Pages of a group's members, from the HTTP API beside `nodesUrl`: owner, admins, others, each by name. With `q`: in the
   * order of the words that were found.
   */
  members(group: ConversationId, query?: MembersQuery): Promise<MembersPage>;
  /**
   * Keeps a group's messages and notices synced, from where the device was or, the first time, from near the end; HTTP
   * has what is older. May be called at any time. At most 20 groups are open: the one that was opened longest ago closes.
   */
  openGroup(group: ConversationId): void;
  /** The group keeps its head and counts. Its messages stay in memory until their place is needed. */
  closeGroup(group: ConversationId): void;
}

/** What a client with conversation states can do in addition. */
export interface StateCalls {
  /** As without states, with the state of the conversation. */
  conversation(conversation: ConversationName): ConversationView & WithState;
  conversations(): (ConversationView & WithState)[];
  /**
   * Changes what the user has set in a conversation: `conversation(…).state` has it at once, and again as before if the
   * server does not take it. Resolves with the server's state; rejects with its error (`content_too_large` …) or, retryable,
   * `connection_closed`, `deadline_exceeded`. Changes that are made while one is on its way are sent as one.
   */
  setState(conversation: ConversationName, changes: StateChange): Promise<ConversationState>;
  /**
   * Tells the client what `GET /api/conversations` or `…/states` says of a conversation, as the inbox only has changes.
   * Ignored where the inbox has told more.
   */
  giveState(conversation: ConversationName, state: SparseState): void;
}

/** What a client with groups and states can do in addition. */
export interface GroupStateCalls {
  /** As without states, with the state of the group. */
  group(group: ConversationId): GroupView & WithState;
  groups(): (GroupView & WithState)[];
}

/** What a client with recalls can do in addition. */
export interface RecallCalls {
  /**
   * Takes an own message back, or removes one from a group as an admin. Errors: `recall_refused`, `message_not_found` …;
   * retryable: `connection_closed`,
   * `deadline_exceeded`.
   */
  recall(conversation: ConversationName, messageId: MessageId): Promise<void>;
}

export interface ReactorsQuery {
  /** Only those who have reacted with this one. */
  emoji?: string;
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** By default that of the API. */
  limit?: number;
}

export interface ReactorsPage {
  reactions: readonly Reactor[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** What a client with actions can do in addition. */
export interface ActionCalls {
  /**
   * Replaces the text and data of an own message. May be called at any time: the store keeps the edit until the server has
   * answered it. Resolves when everybody has it; the message changes then. A later edit of the message replaces one that
   * waits. `mentions`: the members of the group whom the text names; those of before stay mentioned. Errors:
   * `action_refused`, `message_not_found`, `muted` …; `overloaded`; `connection_closed`: it is sent after the next login;
   * `forged_sender`: another user has logged in.
   */
  edit(
    conversation: ConversationName,
    messageId: MessageId,
    content: MessageContent,
    mentions?: readonly UserId[],
  ): Promise<void>;
  /**
   * Reacts to a message with an emoji, or (`on` false) takes that back. May be called at any time: it is shown at once, by
   * `message.reactions` and by the event `reactions`, and the store keeps it until the server has answered it. Give the
   * message itself, and not its id alone, if it comes from the HTTP API: the event then counts on from what it has.
   * Resolves when everybody has it. A later call with the same emoji takes the place of one that waits. Errors, after which
   * is shown what was before:
   * `action_refused`, `message_not_found`, `muted`, `invalid_frame` …; `overloaded`; `connection_closed`: it is sent after
   * the next login; `forged_sender`: another user has logged in.
   */
  react(
    conversation: ConversationName,
    message: MessageId | ReactedMessage,
    emoji: string,
    on?: boolean,
  ): Promise<void>;
  /**
   * Deletes messages for this user alone, for good, by the HTTP API beside `nodesUrl`; event `retract` on each of the
   * user's devices. Any number: 100 in a call, one after another, and what was deleted before an error stays so. Deleting
   * again changes nothing. Errors: `message_not_found`, `limit_reached` …; retryable: `connection_closed` …
   */
  hide(conversation: ConversationName, messageIds: readonly MessageId[]): Promise<void>;
  /**
   * Pages of who has reacted to a message, and with what, from the HTTP API beside `nodesUrl`. A page may have nobody
   * while `nextCursor` says where to go on. Errors: `message_not_found`, `not_a_member` …
   */
  reactors(conversation: ConversationName, messageId: MessageId, query?: ReactorsQuery): Promise<ReactorsPage>;
}
