import type { Position } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { SparseState } from './conversation/conversation-state.ts';
import type { GroupProfile, GroupSettings, Role } from './group/group.ts';
import { ACTION_NAMES, type ActionName, type MessageAction } from './message-action.ts';
import type { MessageId } from './message-id.ts';
import type { MomentId } from './moment.ts';
import type { ReactionUpdate } from './reaction.ts';
import type { ReceiptState } from './status.ts';

/** A message to or from the log's readers. Its text is in the message store. */
export interface MessageUpdate {
  type: 'message';
  conversationId: ConversationId;
  messageId: MessageId;
  from: UserId;
  clientMessageId: string;
}

/**
 * The status of messages that the owner of the inbox sent. `unread` and `delivered` name ids; `read` names the last
 * message read.
 */
export interface ReceiptUpdate {
  type: 'receipt';
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds?: MessageId[];
  upTo?: MessageId;
  /** The user who received or read them. */
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** The owner read a conversation up to a message, on one of the owner's devices. */
export interface ReadUpdate {
  type: 'read';
  conversationId: ConversationId;
  upTo: MessageId;
  at: number;
}

/**
 * A message was changed by a member after it was stored. What an edit wrote is in the message store alone, so that a
 * recall removes it everywhere.
 */
export interface ActionUpdate extends Pick<MessageAction, 'action' | 'revision' | 'by' | 'at'> {
  type: 'action';
  conversationId: ConversationId;
  messageId: MessageId;
}

/**
 * Another user liked the owner's moment or commented on it. The comment's text is not copied here, so that deleting the
 * comment deletes it everywhere.
 */
export interface MomentUpdate {
  type: 'moment';
  momentId: MomentId;
  event: 'like' | 'comment';
  by: UserId;
  /** Only for comments. */
  commentId?: MomentId;
  /** Unix ms. */
  at: number;
}

/** What happened in a group, for its log: everybody in it sees it there. */
export interface NoticeUpdate {
  type: 'notice';
  conversationId: ConversationId;
  notice: NoticeName;
  by: UserId;
  /** Those whom it concerns, at most `MAX_CHANGED_USERS`. */
  users?: UserId[];
  /** Only what changed: a new name, a new role … */
  values?: Partial<GroupProfile> & { settings?: Partial<GroupSettings>; role?: Role; until?: number };
  /** The group's version since then. */
  version: number;
  /** Unix ms. */
  at: number;
}

export const NOTICE_NAMES = [
  'created',
  'updated',
  'joined',
  'removed',
  'left',
  'role',
  'owner',
  'muted',
  'dissolved',
] as const;
export type NoticeName = (typeof NOTICE_NAMES)[number];

/** What became of the inbox's owner in a group. */
export interface MembershipUpdate {
  type: 'membership';
  conversationId: ConversationId;
  event: MembershipEvent;
  by: UserId;
  /** The owner's role since then; only if they are a member. */
  role?: Role;
  version: number;
  /** Unix ms. */
  at: number;
}

/**
 * `request`: somebody asks to join a group of which the owner is an admin. `unlisted`: the owner left a group that was
 * dissolved, so it is in no list of theirs any more.
 */
export const MEMBERSHIP_EVENTS = [
  'added',
  'removed',
  'role',
  'muted',
  'declined',
  'request',
  'dissolved',
  'unlisted',
] as const;
export type MembershipEvent = (typeof MEMBERSHIP_EVENTS)[number];

/** The owner changed the state of a conversation on one of the owner's devices: this is the whole new state. */
export interface ConversationStateUpdate {
  type: 'conversation_state';
  conversationId: ConversationId;
  state: SparseState;
}

/** The owner deleted messages for themselves, on one of their devices: nobody else notices. */
export interface HiddenUpdate {
  type: 'hidden';
  conversationId: ConversationId;
  /** At most `STATE_LIMITS.maxHiddenAtOnce`. */
  messageIds: MessageId[];
  /** Unix ms. */
  at: number;
}

export type LogUpdate =
  | MessageUpdate
  | ReceiptUpdate
  | ReadUpdate
  | ActionUpdate
  | ReactionUpdate
  | MomentUpdate
  | NoticeUpdate
  | MembershipUpdate
  | ConversationStateUpdate
  | HiddenUpdate;

/** One numbered entry of a log. */
export type LogEntry = LogUpdate & { position: Position };

/** The update of an action, as logs have it. */
export function actionUpdate(
  { action, revision, by, at }: MessageAction,
  { conversationId, messageId }: Pick<ActionUpdate, 'conversationId' | 'messageId'>,
): ActionUpdate {
  return { type: 'action', action, revision, conversationId, messageId, by, at };
}

/** An action as logs store it. Recalls of releases up to 0.1 have no revision. */
type StoredAction = Omit<ActionUpdate, 'type' | 'action' | 'revision'> & { type: ActionName; revision?: number };

/**
 * The JSON text of an update, for logs that processes of several releases read. The type of an action is its name: a
 * recall is written as releases up to 0.1 write it, and a process that does not know an action passes the update on.
 */
export function encodeLogUpdate(update: LogUpdate): string {
  if (update.type !== 'action') return JSON.stringify(update);
  const { action, ...others } = update;
  return JSON.stringify({ ...others, type: action } satisfies StoredAction);
}

/** Parses the JSON text of an update as a log stores it, also as earlier releases wrote it. */
export function parseLogUpdate(json: string): LogUpdate {
  const update = JSON.parse(json) as LogUpdate | StoredAction;
  if (!isStoredAction(update)) return update;
  const { type: action, revision = 1, ...others } = update;
  return { ...others, type: 'action', action, revision };
}

function isStoredAction(update: LogUpdate | StoredAction): update is StoredAction {
  return ACTION_NAMES.some((name) => name === update.type);
}
