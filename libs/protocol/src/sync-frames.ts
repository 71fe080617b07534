import Type from 'typebox';
import { EpochField, GroupIdField, LimitField, PositionField, RefField, TimeField } from './fields.ts';

/** The maximum number of groups in one `groups` page. */
export const MAX_HEADS = 200;
export const GroupsCursorField = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The `cursor` of the latest `groups` page; 0: all groups.',
});
/** The place of a group in the list: the next page begins behind it. */
export const GroupsBeforeField = Type.Object(
  { updatedAt: TimeField, conversationId: GroupIdField },
  { additionalProperties: false },
);
const closed = { additionalProperties: false };
const ref = Type.Optional(RefField);

/** Requests the updates after a position. Answer: one `offline_messages`; repeat from its position until `caughtUp`. */
export const SyncFrame = Type.Object(
  {
    type: Type.Literal('sync_offline_messages'),
    position: PositionField,
    epoch: Type.Optional(EpochField),
    limit: Type.Optional(LimitField),
    ref,
  },
  closed,
);

/**
 * Requests the updates of a group's log after a position. Answer: one `log_updates`; repeat from its position until
 * `caughtUp`. Errors: `not_a_member` for those who never were in the group.
 */
export const SyncLogFrame = Type.Object(
  {
    type: Type.Literal('sync'),
    conversationId: GroupIdField,
    position: PositionField,
    epoch: Type.Optional(EpochField),
    limit: Type.Optional(LimitField),
    ref,
  },
  closed,
);

/** Requests the user's groups with news since a cursor. Answer: one `groups`; repeat with its `before` while it has one. */
export const GroupsFrame = Type.Object(
  {
    type: Type.Literal('groups'),
    since: Type.Optional(GroupsCursorField),
    before: Type.Optional(GroupsBeforeField),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_HEADS })),
    ref,
  },
  closed,
);

/** The device has stored everything up to a position. Answer: `confirm_ok`. */
export const ConfirmFrame = Type.Object(
  {
    type: Type.Literal('confirm_messages_synced'),
    position: PositionField,
    epoch: Type.Optional(EpochField),
    ref,
  },
  closed,
);
