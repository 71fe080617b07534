import {
  type EndpointState,
  MAX_ENDPOINT_DESCRIPTION,
  MAX_ENDPOINT_URL,
  MAX_RETRY_MINUTES,
  retryMinutesOf,
} from '@chasqui/core';
import {
  defined,
  ENDPOINT_ID_PATTERN,
  ImError,
  SERVER_EVENT_TYPES,
  type ServerEventType,
  type WebhookEndpoint,
} from '@chasqui/domain';
import { TimeField } from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import type { ApiContext } from '../context.ts';
import { NO_NUL } from '../http/schemas.ts';

const EndpointIdField = Type.String({
  ...{ pattern: ENDPOINT_ID_PATTERN, 'x-rule': 'be the id of an endpoint', examples: ['we_5f0c7a1e9b3d2468'] },
});
const TypesField = Type.Array(Type.Unsafe<ServerEventType>(Type.String({ enum: [...SERVER_EVENT_TYPES] })), {
  maxItems: SERVER_EVENT_TYPES.length,
  description: 'The types of events that it gets; empty: all.',
});

export const endpointParams = Type.Object({ endpointId: EndpointIdField });

/** What a request may say of an endpoint. */
export const endpointFields = {
  url: Type.String({ maxLength: MAX_ENDPOINT_URL, description: 'An `https:` URL without user and fragment.' }),
  types: Type.Optional(TypesField),
  description: Type.Optional(Type.String({ ...NO_NUL, maxLength: MAX_ENDPOINT_DESCRIPTION })),
  retryMinutes: Type.Optional(
    Type.Integer({
      ...{ minimum: 1, maximum: MAX_RETRY_MINUTES },
      description:
        'How long an event is tried; then it is a dead letter. Absent: 3 days, or what the server is set to.',
    }),
  ),
};

export const SecretField = Type.String({ description: 'Verifies what the endpoint gets. Shown once.' });

export const endpointBodyFields = {
  endpointId: EndpointIdField,
  url: Type.String(),
  types: TypesField,
  description: Type.String(),
  retryMinutes: endpointFields.retryMinutes,
  createdAt: TimeField,
  disabled: Type.Optional(
    Type.Object(
      {
        at: TimeField,
        why: Type.Unsafe<'operator' | 'gone'>(
          Type.String({ enum: ['operator', 'gone'], description: '`gone`: the receiver answered 410.' }),
        ),
      },
      { description: 'Absent: it is told of events.' },
    ),
  ),
};

export const Endpoint = Type.Object(endpointBodyFields, { description: 'A webhook endpoint, without its secrets.' });

const counted = (description: string) => Type.Integer({ minimum: 0, description });

export const ServedEndpoint = Type.Object(
  {
    ...endpointBodyFields,
    waiting: counted('Events that it has not come to, of all types.'),
    blockedKeys: counted('Keys whose next event failed: their events wait for it.'),
    lost: counted('Events that left the log before they could be delivered.'),
    servedAt: Type.Optional({ ...TimeField, description: 'When it took an event last.' }),
    failingSince: Type.Optional({
      ...TimeField,
      description: 'Every request failed since then. Absent: the last succeeded.',
    }),
    error: Type.Optional(Type.String({ description: 'Why the last failed request failed.' })),
    hasDeadLetters: Type.Boolean({ description: 'Whether there are events that it did not take.' }),
  },
  { description: 'A webhook endpoint and how it is served.' },
);

export function endpointBody(endpoint: WebhookEndpoint): Static<typeof Endpoint> {
  const { endpointId, url, types, description, createdAt, disabled } = endpoint;
  return {
    ...{ endpointId, url, types: [...types], description, createdAt },
    ...defined({ retryMinutes: retryMinutesOf(endpoint), disabled: disabled ?? undefined }),
  };
}

export function servedBody(
  endpoint: WebhookEndpoint,
  { servedAt, failingSince, error, ...counts }: EndpointState,
  hasDeadLetters: boolean,
): Static<typeof ServedEndpoint> {
  return {
    ...endpointBody(endpoint),
    ...counts,
    ...(servedAt !== null && { servedAt }),
    ...(failingSince !== null && { failingSince }),
    ...(error !== '' && { error }),
    hasDeadLetters,
  };
}

export function noSuchEndpoint(): ImError {
  return new ImError('not_found', 'there is no such endpoint', { field: 'endpointId' });
}

/** Runs a change of endpoints by a key; it is in the audit log before it is done. */
export function hooksAudited<T>(
  { auditTrail }: Pick<ApiContext, 'auditTrail'>,
  keyId: string,
  detail: string,
  work: () => Promise<T>,
): Promise<T> {
  return auditTrail.record({ actor: `key:${keyId}`, action: 'manage_webhooks', target: '', detail }, work);
}
