import {
  ConversationIdField,
  type ConversationStateField,
  GroupNameField,
  GroupPictureField,
  MessageIdField,
  RoleField,
  TimeField,
  UserIdField,
} from '@chasqui/protocol';
import Type, { type Static } from 'typebox';

export const ConversationBody = Type.Object(
  {
    conversationId: ConversationIdField,
    peer: Type.Optional({ ...UserIdField, description: 'The other user; only in direct conversations.' }),
    group: Type.Optional(
      Type.Object(
        {
          name: GroupNameField,
          picture: GroupPictureField,
          memberCount: Type.Integer({ minimum: 0 }),
          role: Type.Optional({ ...RoleField, description: 'Yours; absent if you have left it.' }),
          mutedUntil: Type.Optional(TimeField),
          dissolvedAt: Type.Optional({ ...TimeField, description: 'Absent: it exists.' }),
        },
        { description: 'Only of groups.' },
      ),
    ),
    lastMessage: Type.Optional(
      Type.Object(
        {
          messageId: MessageIdField,
          from: UserIdField,
          preview: Type.String({
            description:
              'The first characters, at most 100 UTF-16 units; empty if there is no text or the message was recalled.',
          }),
        },
        { description: 'Absent if there is none, or none that you may see.' },
      ),
    ),
    unread: Type.Integer({ minimum: 0 }),
    mentions: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Only of groups: the unread messages that mention you, or all.' }),
    ),
    readUpTo: Type.Optional({ ...MessageIdField, description: 'The last message that you have read; absent if none.' }),
    updatedAt: TimeField,
    // By its name: generators of clients name a second copy of its parts as the first.
    state: Type.Optional(Type.Unsafe<Static<typeof ConversationStateField>>({ $ref: 'ConversationState#' })),
  },
  { description: "One user's view of a conversation." },
);
export type ConversationBody = Static<typeof ConversationBody>;
