import { CONTENT_KINDS, type ContentKind } from '@chasqui/domain';
import Type from 'typebox';
import { ContentField } from './content-field.ts';
import {
  ClientMessageIdField,
  ConversationIdField,
  DeviceIdField,
  EmojiField,
  MessageIdField,
  PositionField,
  TimeField,
  UserIdField,
} from './fields.ts';
import { ForwardedField, KindField, MentionsField, ReplyToField } from './message-fields.ts';

export const RevisionField = Type.Integer({
  minimum: 1,
  description: 'The number of changes of the message: a higher one is newer.',
});

const QuotedField = Type.Object(
  {
    messageId: MessageIdField,
    from: UserIdField,
    kind: Type.Unsafe<ContentKind>(Type.String({ enum: [...CONTENT_KINDS] })),
    text: Type.Optional(Type.String({ description: 'The beginning of its text, at most 100 UTF-16 units.' })),
    editedAt: Type.Optional(TimeField),
    recalledAt: Type.Optional(TimeField),
  },
  {
    description:
      'The answered message as it is now. Only in what is read (history, sync), and only if you may see that message.',
  },
);

/** The reactions to a message. */
export const ReactionsField = Type.Object(
  {
    revision: Type.Integer({
      minimum: 0,
      description: 'The number of changes of its reactions: a higher one is newer.',
    }),
    counts: Type.Array(
      Type.Object({
        emoji: EmojiField,
        count: Type.Integer({ minimum: 1, description: 'How many users reacted with it.' }),
        mine: Type.Optional(
          Type.Boolean({ description: 'You are one of them. Only in what is read (history, sync).' }),
        ),
      }),
      { description: 'By first use; empty: all were taken back.' },
    ),
  },
  { description: 'All reactions to the message; absent: nobody has reacted yet.' },
);

/**
 * A message; `to` only in direct conversations. Without `position` it is provisional: `stored` (in a group:
 * `stored_messages`) confirms it, `retract` withdraws it.
 */
export const ChatMessageFrame = Type.Object({
  type: Type.Literal('chat'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  fromDevice: DeviceIdField,
  to: Type.Optional(UserIdField),
  clientMessageId: ClientMessageIdField,
  kind: KindField,
  content: Type.Optional(ContentField),
  mentions: Type.Optional(MentionsField),
  replyTo: Type.Optional(ReplyToField),
  quoted: Type.Optional(QuotedField),
  forwarded: Type.Optional(ForwardedField),
  sentAt: TimeField,
  editedAt: Type.Optional({ ...TimeField, description: 'When it was last edited.' }),
  revision: Type.Optional(RevisionField),
  reactions: Type.Optional(ReactionsField),
  position: Type.Optional(PositionField),
  status: Type.Optional(
    Type.Union([Type.Literal('stored'), Type.Literal('unread'), Type.Literal('delivered'), Type.Literal('read')]),
  ),
  hidden: Type.Optional(
    Type.Boolean({ description: 'In a sync: you have deleted it for yourself. It has no content; do not show it.' }),
  ),
  recalledAt: Type.Optional(TimeField),
  recalledBy: Type.Optional({
    ...UserIdField,
    description: 'Who recalled it: its sender, the admin who removed it, or `system`.',
  }),
});
