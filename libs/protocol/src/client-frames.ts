import { DEFAULT_LIMITS } from '@chasqui/domain';
import Type, { type Static } from 'typebox';
import { ContentField } from './content-field.ts';
import {
  ActionIdField,
  ActionNameField,
  ClientMessageIdField,
  ConversationIdField,
  DeviceIdField,
  EmojiField,
  EpochField,
  ForwardOfField,
  GroupIdField,
  LimitField,
  MentionsField,
  MessageIdField,
  NamedField,
  PositionField,
  RefField,
  ReplyToField,
  TimeField,
  TraceparentField,
  UserIdField,
} from './fields.ts';

/** The maximum number of groups in one `groups` page. */
export const MAX_HEADS = 200;
const GroupsCursorField = Type.Integer({
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

/**
 * The first frame of a connection, within 10 s. Answer: `login_ok`, or `error` and a close. With `position`, the first
 * `offline_messages` page follows without a request. With `groupsSince`, what happens in the user's groups is sent to
 * this connection too, and the first `groups` page follows.
 */
export const LoginFrame = Type.Object(
  {
    type: Type.Literal('login'),
    token: Type.String({ minLength: 1, maxLength: 8192, description: 'A JWT whose `sub` is the user id.' }),
    deviceId: DeviceIdField,
    platform: Type.Optional(Type.String({ pattern: '^[a-z0-9_-]{1,32}$', description: '`web`, `ios`, `android` …' })),
    position: Type.Optional(PositionField),
    epoch: Type.Optional(EpochField),
    groupsSince: Type.Optional(GroupsCursorField),
    ref,
  },
  closed,
);

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

/** Subscribes to the presence of these users, replacing the former subscription. Answer: a `presence` for each. */
export const PresenceSubscribeFrame = Type.Object(
  { type: Type.Literal('presence_subscribe'), users: Type.Array(UserIdField, { maxItems: 200 }), ref },
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

/** Answer: `pong`. */
export const PingFrame = Type.Object({ type: Type.Literal('ping'), ref }, closed);

/** Ends the session: presence is withdrawn at once and the connection is closed with 4500. */
export const LogoutFrame = Type.Object({ type: Type.Literal('logout'), ref }, closed);

/** Every frame that a client may send, by its `type`. */
export const CLIENT_FRAMES = {
  login: LoginFrame,
  chat: ChatFrame,
  ack: AckFrame,
  sync_offline_messages: SyncFrame,
  sync: SyncLogFrame,
  groups: GroupsFrame,
  confirm_messages_synced: ConfirmFrame,
  typing: TypingFrame,
  presence_subscribe: PresenceSubscribeFrame,
  recall: RecallFrame,
  action: ActionFrame,
  ping: PingFrame,
  logout: LogoutFrame,
} as const;

export type ClientFrameType = keyof typeof CLIENT_FRAMES;
export type ClientFrameOf<T extends ClientFrameType> = Static<(typeof CLIENT_FRAMES)[T]>;
export type ClientFrame = { [T in ClientFrameType]: ClientFrameOf<T> }[ClientFrameType];
