import type { ServerEvent, WebhookEndpoint, WebhookSecret } from '@chasqui/domain';
import { checkedDescription, checkedTypes, checkedUrl, type WebhookRule } from './endpoint-checks.ts';

/** How long a secret signs beside its successor unless said otherwise, in ms. */
export const ROTATION_MS = 24 * 3600 * 1000;
/** More secrets than these do not sign: the oldest ends. */
const MAX_SECRETS = 3;
const MINUTE_MS = 60_000;
/** The longest that an endpoint may have its events tried for, in minutes. */
export const MAX_RETRY_MINUTES = 30 * 24 * 60;

/** Bytes that nobody can guess. */
type RandomBytes = (count: number) => Buffer;

export interface NewEndpoint {
  url: string;
  /** Empty: all. */
  types: readonly string[];
  description: string;
  /** How long an event is tried; see `WebhookEndpoint`. */
  retryMinutes?: number | undefined;
}

function retryFor(minutes: number | undefined): Pick<WebhookEndpoint, 'retryForMs'> {
  return minutes === undefined ? {} : { retryForMs: minutes * MINUTE_MS };
}

/** How long the endpoint has its events tried, in minutes; undefined: for as long as the setting says. */
export function retryMinutesOf({ retryForMs }: WebhookEndpoint): number | undefined {
  return retryForMs && Math.ceil(retryForMs / MINUTE_MS);
}

/** Errors: `content_invalid`, which names the field. */
export function newEndpoint(
  { url, types, description, retryMinutes }: NewEndpoint,
  rule: WebhookRule,
  { now, randomBytes }: { now: number; randomBytes: RandomBytes },
): WebhookEndpoint {
  return {
    endpointId: `we_${randomBytes(8).toString('hex')}`,
    url: checkedUrl(url, rule),
    types: checkedTypes(types),
    secrets: [newSecret(now, randomBytes)],
    description: checkedDescription(description),
    ...retryFor(retryMinutes),
    createdAt: now,
    disabled: null,
    version: 1,
  };
}

/** Absent: stays as it is. */
export interface EndpointChange extends Partial<NewEndpoint> {
  disabled?: boolean;
}

/** Errors: `content_invalid`, which names the field. */
export function changedEndpoint(
  endpoint: WebhookEndpoint,
  { url, types, description, retryMinutes, disabled = endpoint.disabled !== null }: EndpointChange,
  rule: WebhookRule,
  now: number,
): WebhookEndpoint {
  return {
    ...endpoint,
    ...(url !== undefined && { url: checkedUrl(url, rule) }),
    ...(types !== undefined && { types: checkedTypes(types) }),
    ...(description !== undefined && { description: checkedDescription(description) }),
    ...retryFor(retryMinutes),
    disabled: disabled ? (endpoint.disabled ?? { at: now, why: 'operator' }) : null,
    version: endpoint.version + 1,
  };
}

/** The endpoint with another secret; the former ones sign for `overlapMs` more, so that the receiver can change over. */
export function rotated(
  endpoint: WebhookEndpoint,
  overlapMs: number,
  { now, randomBytes }: { now: number; randomBytes: RandomBytes },
): WebhookEndpoint {
  const former = endpoint.secrets
    .map((one) => ({ ...one, expiresAt: Math.min(one.expiresAt ?? Number.POSITIVE_INFINITY, now + overlapMs) }))
    .filter(({ expiresAt }) => expiresAt > now);
  const secrets = [newSecret(now, randomBytes), ...former].slice(0, MAX_SECRETS);
  return { ...endpoint, secrets, version: endpoint.version + 1 };
}

function newSecret(now: number, randomBytes: RandomBytes): WebhookSecret {
  return { secret: `whsec_${randomBytes(32).toString('base64')}`, createdAt: now, expiresAt: null };
}

/** For one endpoint, to see whether it takes events. */
export function testEvent(endpointId: string, now: number): ServerEvent<'webhook.test'> {
  return { id: `test-${endpointId}-${now}`, type: 'webhook.test', key: endpointId, at: now, data: { endpointId } };
}
