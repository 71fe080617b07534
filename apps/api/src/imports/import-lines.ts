import { MAX_CHANGED_USERS, MAX_REACTION_IDS } from '@chasqui/domain';
import {
  AttachedMediaField,
  AttachmentIdField,
  AttachmentNameField,
  ClientMessageIdField,
  ContentField,
  ConversationIdField,
  EmojiField,
  GroupDescriptionField,
  GroupIdField,
  GroupNameField,
  GroupPictureField,
  GroupSettingsField,
  MediaTypeField,
  MentionsField,
  MessageIdField,
  ReplyToField,
  TimeField,
  UserIdField,
} from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import { userFields } from '../server/fields.ts';

const closed = { additionalProperties: false };
const UsersField = Type.Array(UserIdField, { maxItems: MAX_CHANGED_USERS });

/** What one line of an import says, by its `type`; an export writes the same. */
export const IMPORT_LINES = {
  user: Type.Object({ type: Type.Literal('user'), userId: UserIdField, ...userFields }, closed),
  group: Type.Object(
    {
      type: Type.Literal('group'),
      conversationId: GroupIdField,
      owner: UserIdField,
      name: GroupNameField,
      description: Type.Optional(GroupDescriptionField),
      picture: Type.Optional(GroupPictureField),
      settings: Type.Optional(Type.Partial(GroupSettingsField)),
      members: Type.Optional(UsersField),
      createdAt: TimeField,
    },
    closed,
  ),
  members: Type.Object(
    {
      type: Type.Literal('members'),
      conversationId: GroupIdField,
      users: UsersField,
      role: Type.Optional(Type.Unsafe<'admin' | 'member'>(Type.String({ enum: ['admin', 'member'] }))),
      joinedAt: TimeField,
    },
    closed,
  ),
  message: Type.Object(
    {
      type: Type.Literal('message'),
      from: UserIdField,
      to: Type.Optional(UserIdField),
      conversationId: Type.Optional(ConversationIdField),
      clientMessageId: ClientMessageIdField,
      messageId: Type.Optional(MessageIdField),
      sentAt: TimeField,
      content: ContentField,
      mentions: Type.Optional(MentionsField),
      replyTo: Type.Optional(ReplyToField),
      forwarded: Type.Optional(Type.Object({ from: UserIdField, at: TimeField }, closed)),
      editedAt: Type.Optional(TimeField),
      unread: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  reaction: Type.Object(
    {
      type: Type.Literal('reaction'),
      conversationId: ConversationIdField,
      messageId: MessageIdField,
      userId: UserIdField,
      emojis: Type.Array(EmojiField, { minItems: 1, maxItems: MAX_REACTION_IDS, uniqueItems: true }),
      at: TimeField,
    },
    closed,
  ),
  file: Type.Object(
    {
      type: Type.Literal('file'),
      id: AttachmentIdField,
      owner: UserIdField,
      name: Type.Optional(AttachmentNameField),
      mediaType: Type.Optional(MediaTypeField),
      size: Type.Optional(Type.Integer({ minimum: 1 })),
      sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      media: Type.Optional(AttachedMediaField),
      // Where an export has it; where whoever imports has it.
      url: Type.Optional(Type.String({ maxLength: 1_000 })),
      path: Type.Optional(Type.String({ maxLength: 1_000 })),
    },
    closed,
  ),
  hide: Type.Object(
    {
      type: Type.Literal('hide'),
      conversationId: ConversationIdField,
      userId: UserIdField,
      messageIds: Type.Array(MessageIdField, { minItems: 1, maxItems: 100, uniqueItems: true }),
    },
    closed,
  ),
  read: Type.Object(
    {
      type: Type.Literal('read'),
      conversationId: ConversationIdField,
      userId: UserIdField,
      upTo: MessageIdField,
    },
    closed,
  ),
};

export type LineType = keyof typeof IMPORT_LINES;
export type LineOf<T extends LineType> = Static<(typeof IMPORT_LINES)[T]>;
export type ImportLine = { [T in LineType]: LineOf<T> }[LineType];
