import { MAX_MENTIONS, MESSAGE_KINDS, type MessageKind } from '@chasqui/domain';
import Type from 'typebox';

import { ConversationIdField, MessageIdField, TimeField, UserIdField } from './fields.ts';

export const KindField = Type.Unsafe<MessageKind>(
  Type.String({ enum: [...MESSAGE_KINDS], description: '`c2c`: one-to-one. `group`: to a group.' }),
);
export const MentionsField = Type.Union(
  [Type.Literal('all'), Type.Array(UserIdField, { minItems: 1, maxItems: MAX_MENTIONS, uniqueItems: true })],
  { description: 'The members who are mentioned, or all of them. Only in groups.' },
);
export const NamedField = Type.Array(UserIdField, {
  minItems: 1,
  maxItems: MAX_MENTIONS,
  uniqueItems: true,
  description: 'Of an `edit` in a group: members who are mentioned too since then.',
});
export const ReplyToField = Type.Object(
  { messageId: MessageIdField },
  { additionalProperties: false, description: 'The message of the same conversation that this one answers.' },
);
export const ForwardOfField = Type.Object(
  {
    conversationId: ConversationIdField,
    messageId: MessageIdField,
    withOrigin: Type.Optional(
      Type.Boolean({ description: 'Whether readers are told who wrote it, and when; the default is true.' }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Instead of `content`: send what this message says, with its files. You must be able to see it.',
  },
);
export const ForwardedField = Type.Object(
  { from: UserIdField, at: TimeField },
  {
    description:
      'It was forwarded: who wrote it first, and when. Absent also where it was forwarded without its origin.',
  },
);
