import { ImError, MAX_CHANGED_USERS, MAX_REACTION_IDS } from '@chasqui/domain';
import {
  ClientMessageIdField,
  ContentField,
  ConversationIdField,
  EmojiField,
  GroupDescriptionField,
  GroupIdField,
  GroupNameField,
  GroupPictureField,
  GroupSettingsField,
  MentionsField,
  MessageIdField,
  ReplyToField,
  readJson,
  schemaCheck,
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

const checks = Object.fromEntries(
  Object.entries(IMPORT_LINES).map(([type, schema]) => [type, schemaCheck(schema)]),
) as { [T in LineType]: ReturnType<typeof schemaCheck> };

/** Errors: `invalid_json`; `invalid_request` with the field. */
export function parseImportLine(bytes: Uint8Array): ImportLine {
  const value = readJson(bytes, 'invalid_request', 'the line');
  const { type } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    const types = Object.keys(checks).join(', ');
    throw new ImError('invalid_request', `type must be one of ${types}`, { field: 'type' });
  }
  const fault = checks[type as LineType](value);
  if (fault === null) return value as ImportLine;
  throw new ImError('invalid_request', `${fault.field || 'the line'} ${fault.message}`, { field: fault.field });
}

const NEW_LINE = 0x0a;

/** The lines of a text, without their ends. What follows the last end is a line only if it has bytes. */
export function* linesOf(text: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(NEW_LINE, start);
    yield text.subarray(start, end === -1 ? text.length : end);
    if (end === -1) return;
    start = end + 1;
  }
}
