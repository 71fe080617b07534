import {
  type AddressCheck,
  type Audience,
  CHANGE_NAMES,
  type ChangeName,
  type ContentDigests,
  type GroupChange,
  type GroupEvent,
  type GroupPlan,
  type MessageKind,
  type OfflineEvent,
  type PushTask,
  publicIdOf,
  type ReactionEvent,
  type ReceiptEvent,
  ROLES,
  type Role,
  type SearchEvent,
  SKIP_CODES,
  type SyncedEvent,
} from '@chasqui/domain';
import Type, { type TSchema } from 'typebox';
import type { ActionEventValue, MessageEventValue } from './event-codec.ts';
import {
  content,
  count,
  envelope,
  forwarded,
  mentions,
  messageId,
  messageIds,
  msForEach,
  named,
  pages,
  replyTo,
  schemaOf,
  settings,
  status,
  text,
  time,
  users,
  yes,
} from './event-fields.ts';

const MessageSchema = schemaOf<MessageEventValue['message']>()(
  Type.Object({
    messageId,
    conversationId: text,
    from: text,
    fromDevice: text,
    to: Type.Optional(text),
    clientMessageId: text,
    kind: Type.Unsafe<MessageKind>(text),
    content,
    mentions: Type.Optional(mentions),
    replyTo: Type.Optional(replyTo),
    forwarded: Type.Optional(forwarded),
    sentAt: time,
    silenced: Type.Optional(Type.Unsafe<boolean>(yes)),
  }),
);

/** The format of message events in groups, which releases up to 0.1 do not know. All others have format 1. */
export const GROUP_MESSAGE_FORMAT = 2;

/**
 * The format of messages with attachments, which releases up to 0.1 do not know: they would record no reference, and the
 * files would be collected.
 */
export const ATTACHMENTS_FORMAT = 3;

/**
 * The format of changes of groups that name a picture of this server, which older processes do not know: they would not
 * show it, and it would be collected.
 */
export const PICTURE_CHANGE_FORMAT = 2;

/** Of the event of a change. */
export function groupEventFormat({ details }: Pick<GroupChange, 'details'>): number {
  return 'picture' in details && publicIdOf(details.picture ?? '') !== null ? PICTURE_CHANGE_FORMAT : 1;
}

/** The format of actions by the system: an older process would take them for forged, and must leave them to a newer one. */
export const SYSTEM_ACTION_FORMAT = 2;

/** The format of edits that mention users: an older process would mention nobody, and must leave them to a newer one. */
export const EDIT_MENTIONS_FORMAT = 2;

/** The fields that the events of all actions have. */
const action = {
  conversationId: text,
  messageId,
  by: text,
  sessionId: text,
  ref: Type.Optional(text),
  nodeId: text,
  at: time,
};

const terms = {
  leftOut: Type.Optional(users),
  skipped: Type.Optional(Type.Array(Type.Object({ userId: text, code: Type.Enum([...SKIP_CODES]) }))),
  strangers: Type.Optional(users),
};

/** What each change of a group must have for `decideChange`. Texts were checked where they came in. */
const CHANGE_DETAILS: { readonly [N in ChangeName]: TSchema } = {
  create: Type.Object({
    name: text,
    description: Type.String(),
    picture: Type.String(),
    settings,
    members: users,
    ...terms,
  }),
  update: Type.Object({
    name: Type.Optional(text),
    description: Type.Optional(Type.String()),
    picture: Type.Optional(Type.String()),
    settings: Type.Optional(settings),
  }),
  add: Type.Object({ users, ...terms }),
  remove: Type.Object({ users }),
  leave: Type.Object({}),
  join: Type.Object({ linkId: text }),
  approve: Type.Object({ users }),
  decline: Type.Object({ users }),
  role: Type.Object({ userId: text, role: Type.Enum(['admin', 'member']) }),
  transfer: Type.Object({ userId: text }),
  mute: Type.Object({ userId: text, until: time }),
  link: Type.Object({ linkId: text, expiresAt: time, uses: Type.Union([count, Type.Null()]) }),
  unlink: Type.Object({ linkId: text }),
  dissolve: Type.Object({}),
};

const ChangeSchema = Type.Unsafe<GroupChange>(
  Type.Union(
    CHANGE_NAMES.map((name) =>
      Type.Object({
        change: Type.Literal(name),
        conversationId: text,
        changeId: text,
        by: text,
        at: time,
        details: CHANGE_DETAILS[name],
      }),
    ),
  ),
);

/** The events that Business consumes, by `type`, in their bus form (see event-codec.ts). */
export const CONVERSATION_EVENTS = {
  message: schemaOf<MessageEventValue>()(
    Type.Object({
      type: Type.Literal('message'),
      ...envelope(ATTACHMENTS_FORMAT),
      message: MessageSchema,
      nodeId: text,
      sessionId: text,
      after: Type.Optional(messageId),
      unpushed: Type.Optional(yes),
      dispatchMs: Type.Optional(count),
      trace: Type.Optional(text),
      audience: Type.Optional(Type.Unsafe<Audience>(Type.Array(text, { minItems: 1 }))),
      digests: Type.Optional(Type.Unsafe<ContentDigests>(Type.Array(text, { minItems: 1, maxItems: 2 }))),
    }),
  ),
  offline: schemaOf<OfflineEvent>()(
    Type.Object({
      type: Type.Literal('offline'),
      ...envelope(1),
      conversationId: text,
      messageIds,
      to: text,
      nodeId: text,
      at: time,
      pushedMs: Type.Optional(msForEach),
      trace: Type.Optional(text),
    }),
  ),
  receipt: schemaOf<ReceiptEvent>()(
    Type.Object({
      type: Type.Literal('receipt'),
      ...envelope(1),
      conversationId: text,
      state: Type.Union([Type.Literal('delivered'), Type.Literal('read')]),
      messageIds,
      by: text,
      deviceId: text,
      nodeId: text,
      at: time,
      tries: Type.Optional(count),
      unseen: Type.Optional(yes),
      pushedMs: Type.Optional(msForEach),
    }),
  ),
  recall: schemaOf<ActionEventValue<'recall'>>()(
    Type.Object({ type: Type.Literal('recall'), ...envelope(SYSTEM_ACTION_FORMAT), ...action }),
  ),
  edit: schemaOf<ActionEventValue<'edit'>>()(
    Type.Object({
      type: Type.Literal('edit'),
      ...envelope(EDIT_MENTIONS_FORMAT),
      ...action,
      content,
      actionId: text,
      mentions: Type.Optional(named),
    }),
  ),
  react: schemaOf<ReactionEvent>()(
    Type.Object({
      type: Type.Literal('react'),
      ...envelope(1),
      ...action,
      emoji: Type.String(),
      on: Type.Boolean(),
      actionId: text,
    }),
  ),
  synced: schemaOf<SyncedEvent>()(
    Type.Object({
      type: Type.Literal('synced'),
      ...envelope(1),
      userId: text,
      deviceId: text,
      position: count,
      epoch: Type.Optional(text),
      nodeId: text,
      at: time,
      pages: Type.Optional(pages),
    }),
  ),
  group: schemaOf<GroupEvent>()(
    Type.Object({
      type: Type.Literal('group'),
      ...envelope(PICTURE_CHANGE_FORMAT),
      change: ChangeSchema,
      nodeId: text,
    }),
  ),
};

/** The event that DataSync consumes; it has no `type`. */
export const SearchEventSchema = schemaOf<SearchEvent>()(
  Type.Object({
    ...envelope(1),
    messages: Type.Array(
      Type.Object({
        conversationId: text,
        messageId,
        status: Type.Optional(status),
        trace: Type.Optional(Type.Unsafe<string | undefined>(text)),
      }),
    ),
  }),
);

/** The event that Push mostly consumes; it has no `type`. */
export const PushTaskSchema = schemaOf<PushTask>()(
  Type.Object({
    ...envelope(1),
    messageId,
    conversationId: text,
    from: text,
    to: text,
    at: time,
    deviceId: Type.Optional(text),
    attempts: Type.Optional(count),
    waits: Type.Optional(count),
    trace: Type.Optional(text),
  }),
);

/** The other events that Push consumes, by `type`. */
export const PUSH_EVENTS = {
  address_check: schemaOf<AddressCheck>()(
    Type.Object({
      type: Type.Literal('address_check'),
      ...envelope(1),
      checkId: text,
      to: text,
      deviceId: text,
      address: text,
      code: text,
      language: Type.String(),
      at: time,
      expiresAt: time,
      attempts: Type.Optional(count),
    }),
  ),
  group_plan: schemaOf<GroupPlan>()(
    Type.Object({
      type: Type.Literal('group_plan'),
      ...envelope(1),
      conversationId: text,
      messageId,
      from: text,
      mentions: Type.Optional(mentions),
      at: time,
      after: Type.Optional(Type.Object({ role: Type.Unsafe<Role>(Type.Enum([...ROLES])), userId: text })),
      trace: Type.Optional(text),
    }),
  ),
};
