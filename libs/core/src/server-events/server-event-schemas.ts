import {
  ACTION_NAMES,
  type ActionName,
  CHANGE_NAMES,
  type ChangeName,
  PUSH_PROVIDERS,
  PUSH_RESULTS,
  type PushProvider,
  type PushResult,
  ROLES,
  type Role,
  type ServerEvent,
  type ServerEventData,
  type ServerEventType,
  USER_CHANGES,
  type UserChange,
} from '@chasqui/domain';
import Type, { type TSchema } from 'typebox';
import {
  content,
  count,
  envelope,
  forwarded,
  mentions,
  messageId,
  named,
  replyTo,
  schemaOf,
  settings,
  text,
  time,
  users,
} from '../events/event-fields.ts';
import { LATER_ACTION_FORMAT } from './message-events.ts';

const change = {
  conversationId: text,
  change: Type.Unsafe<ChangeName>(Type.Enum([...CHANGE_NAMES])),
  by: text,
  changeId: text,
  at: time,
};
const presence = Type.Object({ userId: text, deviceId: text, at: time });

/** What the `data` of each type of server event has. Receivers must bear further fields. */
export const SERVER_EVENT_DATA = {
  'message.stored': schemaOf<ServerEventData['message.stored']>()(
    Type.Object({
      messageId,
      conversationId: text,
      from: text,
      clientMessageId: text,
      kind: Type.Unsafe<ServerEventData['message.stored']['kind']>(text),
      content,
      mentions: Type.Optional(mentions),
      replyTo: Type.Optional(replyTo),
      forwarded: Type.Optional(forwarded),
      sentAt: time,
    }),
  ),
  'message.action': schemaOf<ServerEventData['message.action']>()(
    Type.Object({
      messageId,
      conversationId: text,
      action: Type.Unsafe<ActionName>(Type.Enum([...ACTION_NAMES])),
      by: text,
      at: time,
      revision: count,
      content: Type.Optional(content),
      mentions: Type.Optional(named),
    }),
  ),
  'message.reaction': schemaOf<ServerEventData['message.reaction']>()(
    Type.Object({ messageId, conversationId: text, by: text, emoji: text, on: Type.Boolean(), at: time }),
  ),
  'receipt.delivered': schemaOf<ServerEventData['receipt.delivered']>()(
    Type.Object({ messageId, conversationId: text, by: text, at: time }),
  ),
  'receipt.read': schemaOf<ServerEventData['receipt.read']>()(
    Type.Object({ conversationId: text, by: text, upTo: messageId, at: time }),
  ),
  'group.changed': schemaOf<ServerEventData['group.changed']>()(
    Type.Object({
      ...change,
      profile: Type.Optional(
        Type.Partial(Type.Object({ name: text, description: Type.String(), picture: Type.String() })),
      ),
      settings: Type.Optional(settings),
    }),
  ),
  'membership.changed': schemaOf<ServerEventData['membership.changed']>()(
    Type.Object({
      ...change,
      users: Type.Unsafe<readonly string[]>(users),
      role: Type.Optional(Type.Unsafe<Role>(Type.Enum([...ROLES]))),
      mutedUntil: Type.Optional(time),
    }),
  ),
  'user.changed': schemaOf<ServerEventData['user.changed']>()(
    Type.Object({
      userId: text,
      change: Type.Unsafe<UserChange>(Type.Enum([...USER_CHANGES])),
      at: time,
      profile: Type.Optional(
        Type.Object({ displayName: text, avatar: Type.String(), locale: Type.String(), bot: Type.Boolean() }),
      ),
    }),
  ),
  'user.online': schemaOf<ServerEventData['user.online']>()(presence),
  'user.offline': schemaOf<ServerEventData['user.offline']>()(presence),
  'push.outcome': schemaOf<ServerEventData['push.outcome']>()(
    Type.Object({
      subjectId: text,
      userId: text,
      deviceId: Type.String(),
      result: Type.Unsafe<PushResult>(Type.Enum([...PUSH_RESULTS])),
      provider: Type.Unsafe<PushProvider | null>(Type.Union([Type.Enum([...PUSH_PROVIDERS]), Type.Null()])),
      reason: Type.String(),
      at: time,
    }),
  ),
  'webhook.test': schemaOf<ServerEventData['webhook.test']>()(Type.Object({ endpointId: text })),
} satisfies { [T in ServerEventType]: TSchema };

/** The bus form of each type. */
export const SERVER_EVENTS = Object.entries(SERVER_EVENT_DATA).map(([type, data]) => {
  const newest = type === 'message.action' ? LATER_ACTION_FORMAT : 1;
  const properties = { ...envelope(newest), id: text, type: Type.Literal(type), key: text, at: time, data };
  return { type: type as ServerEvent['type'], schema: Type.Object(properties) };
});
