import {
  type AttachedFile,
  type ContactCard,
  type ForwardOrigin,
  type Location,
  MAX_CHANGED_USERS,
  MAX_MENTIONS,
  MESSAGE_ID_PATTERN,
  MESSAGE_STATUSES,
  type Mentions,
  type MessageContent,
  type MessageReference,
  type MessageStatus,
  type SyncedPage,
  type UserId,
} from '@chasqui/domain';
import { GroupSettingsField } from '@chasqui/protocol';
import Type, { type Static, type TSchema } from 'typebox';

/**
 * The building blocks of event schemas. They check what handlers rely on; what clients may send is checked by the
 * schemas of frames.
 */
export const text = Type.String({ minLength: 1 });
export const messageId = Type.String({ pattern: MESSAGE_ID_PATTERN });
export const messageIds = Type.Array(messageId);
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Unix ms. */
export const time = Type.Number();
export const yes = Type.Literal(true);
export const status = Type.Unsafe<MessageStatus | undefined>(Type.Enum([...MESSAGE_STATUSES]));
/** Ms before the event, for each of its messages; -1: never. */
export const msForEach = Type.Array(Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER }));
export const pages = Type.Array(Type.Unsafe<SyncedPage>(Type.Array(count, { minItems: 4, maxItems: 4 })));

export const users = Type.Array(text, { maxItems: MAX_CHANGED_USERS });
export const settings = Type.Partial(GroupSettingsField);

/** The fields of `EventEnvelope`. `newest`: the highest format of the event type that this version knows. */
export function envelope(newest: number) {
  return {
    v: Type.Optional(Type.Integer({ minimum: 1, maximum: newest })),
    firstPublishedAt: Type.Optional(time),
  };
}

type Same<A, B> = [A, B, keyof A, keyof B] extends [B, A, keyof B, keyof A] ? true : false;

/**
 * Accepts only a schema of exactly `Value`: a missing or additional field, or one of another type, does not compile.
 */
export function schemaOf<Value>() {
  return <Schema extends TSchema>(schema: Same<Static<Schema>, Value> extends true ? Schema : never): Schema => schema;
}

/** The application's own `data` is not checked, whatever its size. Parts that a newer version wrote are carried on. */
export const content = schemaOf<MessageContent>()(
  Type.Object({
    text: Type.Optional(Type.String()),
    data: Type.Optional(Type.Unsafe<{ [key: string]: unknown }>(Type.Unknown())),
    location: Type.Optional(Type.Unsafe<Location>(Type.Object({ latitude: Type.Number(), longitude: Type.Number() }))),
    contact: Type.Optional(Type.Unsafe<ContactCard>(Type.Object({ userId: text }))),
    attachments: Type.Optional(
      Type.Unsafe<readonly AttachedFile[]>(
        Type.Array(Type.Object({ id: text, name: text, size: count, type: text }), { minItems: 1 }),
      ),
    ),
  }),
);

export const replyTo = Type.Unsafe<MessageReference>(Type.Object({ messageId }));
export const forwarded = Type.Unsafe<ForwardOrigin>(Type.Object({ from: text, at: time }));
/** Whom an edit mentions. */
export const named = Type.Unsafe<readonly UserId[]>(Type.Array(text, { maxItems: MAX_MENTIONS }));
export const mentions = Type.Unsafe<Mentions>(Type.Union([Type.Literal('all'), Type.Array(text)]));
