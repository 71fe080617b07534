import {
  ACTION_NAMES,
  type ActionName,
  CLIENT_KEY_PATTERN,
  CONVERSATION_ID_PATTERN,
  DEFAULT_LIMITS,
  DEVICE_ID_PATTERN,
  DEVICE_ID_RULE,
  GROUP_ID_PATTERN,
  MAX_EMOJI_LENGTH,
  MESSAGE_ID_PATTERN,
  STORED_USER_ID_PATTERN,
  USER_ID_PATTERN,
  USER_ID_RULE,
} from '@chasqui/domain';
import Type from 'typebox';

/** The building blocks that frames and HTTP bodies share. */
export const UserIdField = Type.String({
  examples: ['ana'],
  pattern: USER_ID_PATTERN,
  'x-rule': USER_ID_RULE,
  description: 'A user id of the host application.',
});
/** The start of the next page of a list: also accepts ids that are no longer valid for new users. */
export const UserCursorField = Type.String({
  examples: ['bob'],
  pattern: STORED_USER_ID_PATTERN,
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page.',
});
export const DeviceIdField = Type.String({
  examples: ['phone-1'],
  pattern: DEVICE_ID_PATTERN,
  'x-rule': DEVICE_ID_RULE,
  description: 'Identifies one installation of a client, which chooses and keeps it.',
});
export const ConversationIdField = Type.String({
  examples: ['ana~bob'],
  pattern: CONVERSATION_ID_PATTERN,
  'x-rule':
    'be a conversation id: two user ids in code-unit order, joined by ~, or 1–64 of A–Z a–z 0–9 . _ : - for a group',
  description: 'The two user ids in order, joined by `~`; or the id of a group, which has no `~`.',
});
export const MessageIdField = Type.String({
  examples: ['019ad3f2c1b000000000002a'],
  pattern: MESSAGE_ID_PATTERN,
  description: '24 hexadecimal digits; text order is time order.',
});
export const MomentIdField = Type.String({
  examples: ['019ad3f2c1b0000000000051'],
  pattern: MESSAGE_ID_PATTERN,
  description: 'Of a moment or a comment: 24 hexadecimal digits; text order is time order.',
});
export const ClientMessageIdField = Type.String({
  examples: ['c1f0a3'],
  pattern: CLIENT_KEY_PATTERN,
  description: "The sender's idempotency key; a resend uses the same one.",
});
/** What members can do with a stored message: actions on it, and reactions to it. */
export const ActionNameField = Type.Unsafe<ActionName | 'react'>(
  Type.String({ examples: ['edit'], enum: [...ACTION_NAMES, 'react'] }),
);
export const ActionIdField = Type.String({
  examples: ['e7b1'],
  pattern: CLIENT_KEY_PATTERN,
  description: 'The idempotency key of an action on one message; a repeat uses the same one.',
});
export const EmojiField = Type.String({
  examples: ['👍'],
  minLength: 1,
  maxLength: MAX_EMOJI_LENGTH,
  description: 'Exactly one emoji of the RGI set of Unicode.',
});
export const PositionField = Type.Integer({
  examples: [42],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "A place in a log (the user's inbox, or a group's); 0 is before the first.",
});
export const EpochField = Type.String({
  examples: ['e1'],
  minLength: 1,
  maxLength: 64,
  description: 'The epoch that came with the position in `offline_messages`.',
});
export const TimeField = Type.Integer({
  examples: [1767225600000],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Unix time in milliseconds.',
});
export const RefField = Type.String({
  examples: ['r1'],
  minLength: 1,
  maxLength: 64,
  description: 'Repeated in the answer, so that a client can match answers to requests.',
});
export const TraceparentField = Type.String({
  examples: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
  'x-rule': 'be a traceparent of W3C Trace Context',
  description: 'W3C Trace Context: the parent span of the message. Ignored if the server does not trace.',
});
export const GroupIdField = Type.String({
  examples: ['team'],
  pattern: GROUP_ID_PATTERN,
  'x-rule': 'be the id of a group: 1–64 of A–Z a–z 0–9 . _ : -',
  description: 'The id of a group, which is its `conversationId`.',
});
export const LimitField = Type.Integer({ minimum: 1, maximum: DEFAULT_LIMITS.maxSyncPage });
