import { NOTIFY_LEVELS, type NotifyLevel } from '@chasqui/domain';
import Type from 'typebox';
import { MessageIdField, TimeField } from './fields.ts';

const SetTimeField = { ...TimeField, maximum: Number.MAX_SAFE_INTEGER };

/** The fields of a conversation's state that a user sets, as frames and HTTP bodies have them. */
export const STATE_FIELDS = {
  pinnedAt: { ...SetTimeField, description: 'Unix ms by which pinned conversations are ordered; 0: not pinned.' },
  archived: Type.Boolean(),
  markedUnread: Type.Boolean({ description: 'Marked as unread; reading a newer message undoes it.' }),
  notify: Type.Object(
    {
      level: Type.Unsafe<NotifyLevel>(
        Type.String({
          enum: [...NOTIFY_LEVELS],
          description: '`default`: `all`, in a large group `mentions`. In a direct conversation `mentions` is `all`.',
        }),
      ),
      until: { ...SetTimeField, description: 'Unix ms from which on the level is `default` again; 0: for good.' },
    },
    { additionalProperties: false, description: 'Which messages notify you. Unread counts are not affected.' },
  ),
  draft: Type.String({ description: 'What you began to write; at most 4,096 bytes of UTF-8.' }),
};

/** A user's state of a conversation. A field that is missing has its default. */
export const ConversationStateField = Type.Object(
  {
    pinnedAt: Type.Optional(STATE_FIELDS.pinnedAt),
    hiddenUpTo: Type.Optional({
      ...MessageIdField,
      description: 'Hidden while the last message is not above this one; absent: not hidden.',
    }),
    archived: Type.Optional(STATE_FIELDS.archived),
    markedUnread: Type.Optional(STATE_FIELDS.markedUnread),
    notify: Type.Optional(STATE_FIELDS.notify),
    clearedUpTo: Type.Optional({
      ...MessageIdField,
      description: 'History and search end above this message; absent: nothing is cleared.',
    }),
    draft: Type.Optional(STATE_FIELDS.draft),
    changedAt: Type.Optional(TimeField),
  },
  { description: 'What you have set in a conversation: only the fields that do not have their default.' },
);
