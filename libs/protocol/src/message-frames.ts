import { MAX_CHANGES } from '@chasqui/domain';
import Type from 'typebox';
import { ReactionsField, RevisionField } from './chat-message-frame.ts';
import { ContentField } from './content-field.ts';
import {
  ActionIdField,
  ActionNameField,
  ClientMessageIdField,
  ConversationIdField,
  EmojiField,
  MessageIdField,
  PositionField,
  TimeField,
  UserIdField,
} from './fields.ts';
import { ForwardedField, MentionsField } from './message-fields.ts';

const position = Type.Optional(PositionField);
/** C1: the bus holds the message durably. Of a forward, also what was sent; not of a resend, of which the log says it. */
export const SendAckFrame = Type.Object({
  type: Type.Literal('send_ack'),
  clientMessageId: ClientMessageIdField,
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  content: Type.Optional(ContentField),
  forwarded: Type.Optional(ForwardedField),
});

/**
 * C2: message, conversation entries and logs are committed. `position` is the message's place in the sender's inbox.
 * `replaces`: the id in an earlier `send_ack` that this id replaces.
 */
export const ServerAckFrame = Type.Object({
  type: Type.Literal('server_ack'),
  clientMessageId: ClientMessageIdField,
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  position: PositionField,
  replaces: Type.Optional(MessageIdField),
});

/**
 * The message has this position in your inbox. If you lack the message, sync. `replaces`: the provisional id under
 * which it was pushed.
 */
export const StoredFrame = Type.Object({
  type: Type.Literal('stored'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  position: PositionField,
  replaces: Type.Optional(MessageIdField),
});

/** The status of your messages: `unread` and `delivered` name them, `read` covers all of yours up to `upTo`. */
export const ReceiptFrame = Type.Object({
  type: Type.Literal('receipt'),
  conversationId: ConversationIdField,
  state: Type.Union([Type.Literal('unread'), Type.Literal('delivered'), Type.Literal('read')]),
  messageIds: Type.Optional(Type.Array(MessageIdField)),
  upTo: Type.Optional(MessageIdField),
  by: UserIdField,
  at: TimeField,
  position,
});

/** You read this conversation up to a message, on any of your devices. */
export const ReadFrame = Type.Object({
  type: Type.Literal('read'),
  conversationId: ConversationIdField,
  upTo: MessageIdField,
  at: TimeField,
  position,
});

/** A message was recalled by its sender, or removed by an admin of the group: show that, and remove its content. */
export const RecallNoticeFrame = Type.Object({
  type: Type.Literal('recall'),
  conversationId: ConversationIdField,
  messageId: MessageIdField,
  by: UserIdField,
  at: TimeField,
  position,
});

/**
 * `edit`: a message was edited. Show `content` in place of what you have, unless you have a higher `revision` of it.
 * Without `content`: it was recalled since, or the server does not send it to everybody in the group live (sync to get
 * it). `react`: the reactions to a message are `reactions` now, unless you have a higher `reactions.revision`; without
 * `reactions`, the same. `changes`: who changed them, only live; without it, `mine` says what is yours.
 */
export const ActionNoticeFrame = Type.Object({
  type: Type.Literal('action'),
  action: ActionNameField,
  conversationId: ConversationIdField,
  messageId: MessageIdField,
  by: Type.Optional({ ...UserIdField, description: 'Who did it. Not of reactions: see `changes`.' }),
  at: TimeField,
  revision: Type.Optional(RevisionField),
  actionId: Type.Optional(ActionIdField),
  content: Type.Optional(ContentField),
  mentions: Type.Optional(MentionsField),
  editedAt: Type.Optional(TimeField),
  reactions: Type.Optional(ReactionsField),
  changes: Type.Optional(
    Type.Array(
      Type.Object({
        by: UserIdField,
        emojis: Type.Array(EmojiField, { description: 'All that this user has reacted with since then.' }),
        actionId: ActionIdField,
      }),
      { maxItems: MAX_CHANGES },
    ),
  ),
  position,
});

/** A provisional message was not queued in time: remove it. If it was stored after all, the inbox has it. */
export const RetractFrame = Type.Object({
  type: Type.Literal('retract'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
});
