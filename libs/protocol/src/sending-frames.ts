import { DEFAULT_LIMITS } from '@chasqui/domain';
import Type from 'typebox';
import { ContentField } from './content-field.ts';
import {
  ActionIdField,
  ActionNameField,
  ClientMessageIdField,
  ConversationIdField,
  EmojiField,
  MessageIdField,
  RefField,
  TraceparentField,
  UserIdField,
} from './fields.ts';
import { ForwardOfField, MentionsField, NamedField, ReplyToField } from './message-fields.ts';

const closed = { additionalProperties: false };
const ref = Type.Optional(RefField);

/**
 * A message to a user (`to`) or to a conversation (`conversationId`), with `content` or that of another message
 * (`forwardOf`): one of each two is given. Answers: `send_ack` (queued), later `server_ack` (stored); or `error` with the clientMessageId in
 * `ref`.
 */
export const ChatFrame = Type.Object(
  {
    type: Type.Literal('chat'),
    clientMessageId: ClientMessageIdField,
    to: Type.Optional(UserIdField),
    conversationId: Type.Optional(ConversationIdField),
    kind: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 32,
        description: '`c2c` or `group`; the default is that of the address.',
      }),
    ),
    content: Type.Optional(ContentField),
    forwardOf: Type.Optional(ForwardOfField),
    mentions: Type.Optional(MentionsField),
    replyTo: Type.Optional(ReplyToField),
    from: Type.Optional(Type.String({ description: "If present, must be the session's user." })),
    after: Type.Optional(MessageIdField),
    follows: Type.Optional(ClientMessageIdField),
    resend: Type.Optional(
      Type.Boolean({
        description: 'To a group: you may have sent this message before. It is shown once it is stored.',
      }),
    ),
    traceparent: Type.Optional(TraceparentField),
    ref,
  },
  closed,
);

/**
 * The device has received (`delivered`), or the user has read (`read`: these and all before them), messages of a
 * conversation.
 */
export const AckFrame = Type.Object(
  {
    type: Type.Literal('ack'),
    state: Type.Union([Type.Literal('delivered'), Type.Literal('read')]),
    conversationId: ConversationIdField,
    messageIds: Type.Array(MessageIdField, { minItems: 1, maxItems: DEFAULT_LIMITS.maxAckIds }),
    ref,
  },
  closed,
);

/** The user is typing to a user or in a conversation, or has stopped. Never stored, never answered. */
export const TypingFrame = Type.Object(
  {
    type: Type.Literal('typing'),
    to: Type.Optional(UserIdField),
    conversationId: Type.Optional(ConversationIdField),
    active: Type.Optional(Type.Boolean()),
    ref,
  },
  closed,
);

/** Recalls a message of the user within the recall window. Answer: `recall` to both users, or `error`. */
export const RecallFrame = Type.Object(
  { type: Type.Literal('recall'), conversationId: ConversationIdField, messageId: MessageIdField, ref },
  closed,
);

/**
 * Changes a message of the conversation for everybody: `edit` replaces the text and data of an own message within the
 * edit window, `react` reacts to a message, `recall` is the frame of that name. Answer: `action` (or `recall`) to everybody who has the message, or
 * `error`. `actionId`: a repeat with the same one changes nothing, so that it may be repeated after a lost answer.
 */
export const ActionFrame = Type.Object(
  {
    type: Type.Literal('action'),
    action: ActionNameField,
    conversationId: ConversationIdField,
    messageId: MessageIdField,
    actionId: Type.Optional(ActionIdField),
    content: Type.Optional({ ...ContentField, description: 'Of an `edit`: the new text and data.' }),
    mentions: Type.Optional(NamedField),
    emoji: Type.Optional({ ...EmojiField, description: 'Of a `react`: exactly one emoji.' }),
    on: Type.Optional(Type.Boolean({ description: 'Of a `react`; `false` takes the reaction back. Default: `true`.' })),
    ref,
  },
  closed,
);
