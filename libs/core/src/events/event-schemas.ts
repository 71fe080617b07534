import type { GroupEvent, OfflineEvent, ReactionEvent, ReceiptEvent, SearchEvent, SyncedEvent } from '@chasqui/domain';
import Type from 'typebox';
import type { ActionEventValue } from './event-codec.ts';
import {
  content,
  count,
  envelope,
  messageId,
  messageIds,
  msForEach,
  named,
  pages,
  schemaOf,
  status,
  text,
  time,
  yes,
} from './event-fields.ts';
import { EDIT_MENTIONS_FORMAT, PICTURE_CHANGE_FORMAT, SYSTEM_ACTION_FORMAT } from './event-formats.ts';
import { ChangeSchema } from './group-change-schema.ts';
import { MessageEventSchema } from './message-event-schema.ts';

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

/** The events that Business consumes, by `type`, in their bus form (see event-codec.ts). */
export const CONVERSATION_EVENTS = {
  message: MessageEventSchema,
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
