import { type AddressCheck, type GroupPlan, type PushTask, ROLES, type Role } from '@chasqui/domain';
import Type from 'typebox';
import { count, envelope, mentions, messageId, schemaOf, text, time } from './event-fields.ts';

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
