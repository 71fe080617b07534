import { MEMBERSHIP_EVENTS, type MembershipEvent, NOTICE_NAMES, type NoticeName } from '@chasqui/domain';
import Type from 'typebox';
import { EpochField, GroupIdField, MessageIdField, PositionField, RefField, TimeField, UserIdField } from './fields.ts';
import {
  GroupDescriptionField,
  GroupNameField,
  GroupPictureField,
  GroupSettingsField,
  RoleField,
} from './group-fields.ts';
import { GroupsBeforeField } from './sync-frames.ts';

const ref = Type.Optional(RefField);
const position = Type.Optional(PositionField);

/**
 * Messages of a group have these positions in its log. If you lack one, sync the log. `replaces`: the provisional id
 * under which it was pushed; the new one is behind everything before it in the log.
 */
export const StoredMessagesFrame = Type.Object({
  type: Type.Literal('stored_messages'),
  conversationId: GroupIdField,
  messages: Type.Array(
    Type.Object({
      messageId: MessageIdField,
      position: PositionField,
      replaces: Type.Optional(MessageIdField),
    }),
  ),
});

/** Something happened in a group: `users` are those whom it concerns, `values` what changed. An entry of its log. */
export const NoticeFrame = Type.Object({
  type: Type.Literal('notice'),
  conversationId: GroupIdField,
  notice: Type.Unsafe<NoticeName>(Type.String({ enum: [...NOTICE_NAMES] })),
  by: UserIdField,
  users: Type.Optional(Type.Array(UserIdField)),
  values: Type.Optional(
    Type.Object({
      name: Type.Optional(GroupNameField),
      description: Type.Optional(GroupDescriptionField),
      picture: Type.Optional(GroupPictureField),
      settings: Type.Optional(Type.Partial(GroupSettingsField)),
      role: Type.Optional(RoleField),
      until: Type.Optional(TimeField),
    }),
  ),
  version: Type.Integer({ minimum: 0, description: 'The version of the group since then.' }),
  at: TimeField,
  position,
});

/** What became of you in a group; `role` only while you are a member. An entry of the inbox. */
export const MembershipFrame = Type.Object({
  type: Type.Literal('membership'),
  conversationId: GroupIdField,
  event: Type.Unsafe<MembershipEvent>(Type.String({ enum: [...MEMBERSHIP_EVENTS] })),
  by: UserIdField,
  role: Type.Optional(RoleField),
  version: Type.Integer({ minimum: 0 }),
  at: TimeField,
  position,
});

/** A member of a small group has read it up to a message. Not repeated: `GET …/readers` has the whole. */
export const ReadMarkFrame = Type.Object({
  type: Type.Literal('read_mark'),
  conversationId: GroupIdField,
  by: UserIdField,
  upTo: MessageIdField,
  at: TimeField,
});

/** A group of the user, as a list of conversations shows it. Counts are exact (C21). */
export const GroupHeadField = Type.Object({
  conversationId: GroupIdField,
  name: GroupNameField,
  picture: GroupPictureField,
  version: Type.Integer({ minimum: 0 }),
  memberCount: Type.Integer({ minimum: 0 }),
  role: Type.Optional(RoleField),
  mutedUntil: Type.Optional(TimeField),
  dissolvedAt: Type.Optional(TimeField),
  head: PositionField,
  epoch: EpochField,
  lastMessageId: Type.Optional(MessageIdField),
  lastFrom: Type.Optional(UserIdField),
  preview: Type.String(),
  readUpTo: Type.Optional(MessageIdField),
  unread: Type.Integer({ minimum: 0 }),
  mentions: Type.Integer({ minimum: 0 }),
  updatedAt: TimeField,
});

/**
 * Groups of the user that changed since the cursor, newest first. With `before`, more follow: ask with it. Keep `cursor`
 * once all have come. A group without `role` is one that the user has left.
 */
export const GroupsPageFrame = Type.Object({
  type: Type.Literal('groups'),
  groups: Type.Array(GroupHeadField),
  cursor: Type.Integer({ minimum: 0 }),
  before: Type.Optional(GroupsBeforeField),
  ref,
});
