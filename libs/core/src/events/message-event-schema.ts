import type { Audience, ContentDigests, MessageKind } from '@chasqui/domain';
import Type from 'typebox';
import type { MessageEventValue } from './event-codec.ts';
import {
  content,
  count,
  envelope,
  forwarded,
  mentions,
  messageId,
  replyTo,
  schemaOf,
  text,
  time,
  yes,
} from './event-fields.ts';

import { ATTACHMENTS_FORMAT } from './event-formats.ts';

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

/** The event of a message, in its bus form. */
export const MessageEventSchema = schemaOf<MessageEventValue>()(
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
);
