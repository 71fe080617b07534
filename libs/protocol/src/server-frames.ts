import {
  ERROR_CODES,
  type ErrorCode,
  MEMBERSHIP_EVENTS,
  type MembershipEvent,
  NOTICE_NAMES,
  type NoticeName,
} from '@chasqui/domain';
import Type, { type Static } from 'typebox';
import { GroupsBeforeField } from './client-frames.ts';
import { ConversationStateField } from './conversation-state.ts';
import {
  ClientMessageIdField,
  ContentField,
  ConversationIdField,
  DeviceIdField,
  EpochField,
  GroupDescriptionField,
  GroupIdField,
  GroupNameField,
  GroupPictureField,
  GroupSettingsField,
  KindField,
  MentionsField,
  MessageIdField,
  MomentIdField,
  PositionField,
  RefField,
  RoleField,
  TimeField,
  UserIdField,
} from './fields.ts';

const ref = Type.Optional(RefField);
const position = Type.Optional(PositionField);

/** The session is established. `heartbeatMs`: ping at least this often. */
export const LoginOkFrame = Type.Object({
  type: Type.Literal('login_ok'),
  userId: UserIdField,
  deviceId: DeviceIdField,
  sessionId: Type.String(),
  nodeId: Type.String(),
  serverTime: TimeField,
  heartbeatMs: Type.Integer(),
  limits: Type.Object({
    maxFrameBytes: Type.Integer(),
    maxContentBytes: Type.Integer(),
    messagesPerSecond: Type.Integer(),
    maxSyncPage: Type.Integer(),
  }),
  ref,
});

/** C1: the bus holds the message durably. */
export const SendAckFrame = Type.Object({
  type: Type.Literal('send_ack'),
  clientMessageId: ClientMessageIdField,
  messageId: MessageIdField,
  conversationId: ConversationIdField,
});

/**
 * C2: message, conversation entries and logs are committed. `position` is the message's place in the sender's inbox.
 * `replaces`: the id in an earlier `send_ack` that this id replaces.
 */
export const ServerAckFrame = Type.Object({
  type: Type.Literal('server_ack'),
  clientMessageId: ClientMessageIdField,
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  position: PositionField,
  replaces: Type.Optional(MessageIdField),
});

/**
 * A message; `to` only in direct conversations. Without `position` it is provisional: `stored` (in a group:
 * `stored_messages`) confirms it, `retract` withdraws it.
 */
export const ChatMessageFrame = Type.Object({
  type: Type.Literal('chat'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  fromDevice: DeviceIdField,
  to: Type.Optional(UserIdField),
  clientMessageId: ClientMessageIdField,
  kind: KindField,
  content: Type.Optional(ContentField),
  mentions: Type.Optional(MentionsField),
  sentAt: TimeField,
  position,
  status: Type.Optional(
    Type.Union([Type.Literal('stored'), Type.Literal('unread'), Type.Literal('delivered'), Type.Literal('read')]),
  ),
  recalledAt: Type.Optional(TimeField),
});

/**
 * The message has this position in your inbox. If you lack the message, sync. `replaces`: the provisional id under
 * which it was pushed.
 */
export const StoredFrame = Type.Object({
  type: Type.Literal('stored'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  position: PositionField,
  replaces: Type.Optional(MessageIdField),
});

/** The status of your messages: `unread` and `delivered` name them, `read` covers all of yours up to `upTo`. */
export const ReceiptFrame = Type.Object({
  type: Type.Literal('receipt'),
  conversationId: ConversationIdField,
  state: Type.Union([Type.Literal('unread'), Type.Literal('delivered'), Type.Literal('read')]),
  messageIds: Type.Optional(Type.Array(MessageIdField)),
  upTo: Type.Optional(MessageIdField),
  by: UserIdField,
  at: TimeField,
  position,
});

/** You read this conversation up to a message, on any of your devices. */
export const ReadFrame = Type.Object({
  type: Type.Literal('read'),
  conversationId: ConversationIdField,
  upTo: MessageIdField,
  at: TimeField,
  position,
});

/** A message was recalled by its sender, or removed by an admin of the group: show that, and remove its content. */
export const RecallNoticeFrame = Type.Object({
  type: Type.Literal('recall'),
  conversationId: ConversationIdField,
  messageId: MessageIdField,
  by: UserIdField,
  at: TimeField,
  position,
});

/** Another user liked your moment or commented on it. The comment is at `GET /api/moments/{momentId}/comments`. */
export const MomentNoticeFrame = Type.Object({
  type: Type.Literal('moment'),
  momentId: MomentIdField,
  event: Type.Union([Type.Literal('like'), Type.Literal('comment')]),
  by: UserIdField,
  commentId: Type.Optional(MomentIdField),
  at: TimeField,
  position,
});

/** You changed the state of this conversation, on any of your devices: this is the whole new state. */
export const ConversationStateFrame = Type.Object({
  type: Type.Literal('conversation_state'),
  conversationId: ConversationIdField,
  state: ConversationStateField,
  position,
});

/** A provisional message was not queued in time: remove it. If it was stored after all, the inbox has it. */
export const RetractFrame = Type.Object({
  type: Type.Literal('retract'),
  messageId: MessageIdField,
  conversationId: ConversationIdField,
});

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

/** An entry of a log with its position, in the form of its live frame. */
export const UpdateFrame = Type.Union([
  ChatMessageFrame,
  ReceiptFrame,
  ReadFrame,
  RecallNoticeFrame,
  MomentNoticeFrame,
  NoticeFrame,
  MembershipFrame,
  ConversationStateFrame,
]);

/**
 * A page of the inbox. `position` is the last one in it (or, if it is empty, the requested one). `reset`: the requested
 * position is not, or no longer, in this inbox; discard it and continue from the one given here. C10.
 */
export const OfflineMessagesFrame = Type.Object({
  type: Type.Literal('offline_messages'),
  updates: Type.Array(UpdateFrame),
  position: PositionField,
  epoch: EpochField,
  caughtUp: Type.Boolean(),
  reset: Type.Optional(Type.Boolean()),
  ref,
});

/**
 * A page of a group's log. Continue from `position`, which may be beyond the last update: what is between is not for
 * this user. `reset` as in `offline_messages` (C10).
 */
export const LogUpdatesFrame = Type.Object({
  type: Type.Literal('log_updates'),
  conversationId: GroupIdField,
  updates: Type.Array(UpdateFrame),
  position: PositionField,
  epoch: EpochField,
  caughtUp: Type.Boolean(),
  reset: Type.Optional(Type.Boolean()),
  ref,
});

/**
 * This device may have missed updates (its node was disconnected for a moment): sync from your position. Sent instead
 * of closing the connection.
 */
export const SyncNeededFrame = Type.Object({ type: Type.Literal('sync_needed') });

export const ConfirmOkFrame = Type.Object({ type: Type.Literal('confirm_ok'), position: PositionField, ref });

export const PresenceFrame = Type.Object({
  type: Type.Literal('presence'),
  userId: UserIdField,
  online: Type.Boolean(),
  at: TimeField,
});

export const TypingNoticeFrame = Type.Object({
  type: Type.Literal('typing'),
  conversationId: ConversationIdField,
  from: UserIdField,
  active: Type.Boolean(),
});

/** Sent before the close if the server ends a session permanently. */
export const KickedFrame = Type.Object({
  type: Type.Literal('kicked'),
  reason: Type.Union([Type.Literal('session_replaced'), Type.Literal('logged_out'), Type.Literal('token_expired')]),
});

/** `code` is stable (docs/errors.md). `retry`: `never`, after a `backoff`, or after a `reconnect`. `ref`: the frame's ref or clientMessageId. */
export const ErrorFrame = Type.Object({
  type: Type.Literal('error'),
  code: Type.Unsafe<ErrorCode>(Type.String({ enum: Object.keys(ERROR_CODES) })),
  message: Type.String(),
  retry: Type.Union([Type.Literal('never'), Type.Literal('backoff'), Type.Literal('reconnect')]),
  field: Type.Optional(Type.String()),
  retryAfterMs: Type.Optional(Type.Integer()),
  ref: Type.Optional(Type.String()),
});

export const PongFrame = Type.Object({ type: Type.Literal('pong'), serverTime: TimeField, ref });

/** Every frame that the server may send, by its `type`. */
export const SERVER_FRAMES = {
  login_ok: LoginOkFrame,
  send_ack: SendAckFrame,
  server_ack: ServerAckFrame,
  chat: ChatMessageFrame,
  stored: StoredFrame,
  receipt: ReceiptFrame,
  read: ReadFrame,
  recall: RecallNoticeFrame,
  moment: MomentNoticeFrame,
  conversation_state: ConversationStateFrame,
  retract: RetractFrame,
  stored_messages: StoredMessagesFrame,
  notice: NoticeFrame,
  membership: MembershipFrame,
  read_mark: ReadMarkFrame,
  groups: GroupsPageFrame,
  offline_messages: OfflineMessagesFrame,
  log_updates: LogUpdatesFrame,
  sync_needed: SyncNeededFrame,
  confirm_ok: ConfirmOkFrame,
  presence: PresenceFrame,
  typing: TypingNoticeFrame,
  kicked: KickedFrame,
  error: ErrorFrame,
  pong: PongFrame,
} as const;

export type ServerFrameType = keyof typeof SERVER_FRAMES;
export type ServerFrameOf<T extends ServerFrameType> = Static<(typeof SERVER_FRAMES)[T]>;
export type ServerFrame = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType];
export type UpdateFrame = Static<typeof UpdateFrame>;
