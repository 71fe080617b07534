import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { GroupProfile, GroupSettings, Role } from './group/group.ts';
import type { ChangeName } from './group/group-change.ts';
import type { ForwardOrigin, Mentions, MessageKind, MessageReference } from './message.ts';
import type { ActionName } from './message-action.ts';
import type { MessageContent } from './message-content.ts';
import type { MessageId } from './message-id.ts';
import type { PushOutcome } from './push-outcome.ts';

export const USER_CHANGES = ['created', 'profile', 'disabled', 'enabled', 'erased'] as const;
export type UserChange = (typeof USER_CHANGES)[number];

/** What each type of server event tells, by its type. Times are Unix ms. docs/webhooks.md shows an example of each. */
export interface ServerEventData {
  /** A message is stored: it has its final id, and its addressees find it in their logs. */
  'message.stored': {
    messageId: MessageId;
    conversationId: ConversationId;
    from: UserId;
    clientMessageId: string;
    kind: MessageKind;
    content: MessageContent;
    mentions?: Mentions;
    /** The message that it answers. */
    replyTo?: MessageReference;
    /** Whose words it has, if it was forwarded with its origin. */
    forwarded?: ForwardOrigin;
    sentAt: number;
  };
  /** A member changed a stored message for all. `revision` orders the actions on one message. */
  'message.action': {
    messageId: MessageId;
    conversationId: ConversationId;
    action: ActionName;
    by: UserId;
    at: number;
    revision: number;
    /** Only of an edit: the whole content since then. */
    content?: MessageContent;
    /** Only of an edit in a group: whom it names, as a mention. */
    mentions?: readonly UserId[];
  };
  /**
   * A member reacted to a message, or (`on: false`) took that back. Where members may have one reaction, it takes the place
   * of their former one.
   */
  'message.reaction': {
    messageId: MessageId;
    conversationId: ConversationId;
    by: UserId;
    emoji: string;
    on: boolean;
    at: number;
  };
  /** A device of a receiver has the message. Only in direct conversations. */
  'receipt.delivered': { messageId: MessageId; conversationId: ConversationId; by: UserId; at: number };
  /** A user has read a conversation up to a message. */
  'receipt.read': { conversationId: ConversationId; by: UserId; upTo: MessageId; at: number };
  /** A group was made, changed or dissolved. Fields that the change left alone are absent. */
  'group.changed': {
    conversationId: ConversationId;
    change: ChangeName;
    by: UserId;
    changeId: string;
    at: number;
    profile?: Partial<GroupProfile>;
    settings?: Partial<GroupSettings>;
  };
  /** Members of a group came, went, asked to join, or have another role. `users`: those who were changed. */
  'membership.changed': {
    conversationId: ConversationId;
    change: ChangeName;
    by: UserId;
    changeId: string;
    at: number;
    users: readonly UserId[];
    role?: Role;
    /** Unix ms until which they may not post; 0: they may again. */
    mutedUntil?: number;
  };
  /**
   * A user was created, changed what others see of them, or was disabled, enabled or erased. `profile`: as it is since
   * then; absent if it did not change.
   */
  'user.changed': {
    userId: UserId;
    change: UserChange;
    at: number;
    profile?: { displayName: string; avatar: string; locale: string; bot: boolean };
  };
  /** A user's first device connected, or their last one is gone. Neither is promised when presence is lost. */
  'user.online': { userId: UserId; deviceId: string; at: number };
  'user.offline': { userId: UserId; deviceId: string; at: number };
  /** How the notification of a device ended (C17). */
  'push.outcome': Pick<PushOutcome, 'subjectId' | 'userId' | 'deviceId' | 'result' | 'provider' | 'reason' | 'at'>;
  /** Asked for by an operator, for one endpoint alone. */
  'webhook.test': { endpointId: string };
}

export type ServerEventType = keyof ServerEventData;
