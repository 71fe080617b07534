import { ERROR_CODES, type ErrorCode } from '@chasqui/domain';
import Type, { type Static } from 'typebox';
import { ChatMessageFrame } from './chat-message-frame.ts';
import { ConversationIdField, DeviceIdField, PositionField, RefField, TimeField, UserIdField } from './fields.ts';
import { GroupsPageFrame, MembershipFrame, NoticeFrame, ReadMarkFrame, StoredMessagesFrame } from './group-frames.ts';
import {
  ActionNoticeFrame,
  ReadFrame,
  RecallNoticeFrame,
  ReceiptFrame,
  RetractFrame,
  SendAckFrame,
  ServerAckFrame,
  StoredFrame,
} from './message-frames.ts';
import { ConversationStateFrame, HiddenFrame, MomentNoticeFrame } from './own-frames.ts';
import { LogUpdatesFrame, OfflineMessagesFrame } from './page-frames.ts';

const ref = Type.Optional(RefField);

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
  action: ActionNoticeFrame,
  moment: MomentNoticeFrame,
  conversation_state: ConversationStateFrame,
  hidden: HiddenFrame,
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
