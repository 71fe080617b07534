import Type, { type Static } from 'typebox';
import { DeviceIdField, EpochField, PositionField, RefField, UserIdField } from './fields.ts';
import { AckFrame, ActionFrame, ChatFrame, RecallFrame, TypingFrame } from './sending-frames.ts';
import { ConfirmFrame, GroupsCursorField, GroupsFrame, SyncFrame, SyncLogFrame } from './sync-frames.ts';

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

/** Subscribes to the presence of these users, replacing the former subscription. Answer: a `presence` for each. */
export const PresenceSubscribeFrame = Type.Object(
  { type: Type.Literal('presence_subscribe'), users: Type.Array(UserIdField, { maxItems: 200 }), ref },
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
