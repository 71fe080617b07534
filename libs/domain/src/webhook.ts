import type { ServerEvent } from './server-event.ts';
import type { ServerEventType } from './server-event-data.ts';

/** The maximum number of endpoints of an installation. */
export const MAX_WEBHOOK_ENDPOINTS = 50;

/** Of an endpoint's id. */
export const ENDPOINT_ID_PATTERN = '^we_[0-9a-f]{16}$';

/** A key that signs what an endpoint gets. */
export interface WebhookSecret {
  /** `whsec_` and 32 bytes in base64. */
  secret: string;
  /** Unix ms. */
  createdAt: number;
  /** Unix ms from which it signs no more, after a rotation; null: it is the current one. */
  expiresAt: number | null;
}

/** A URL of the host application that is told of server events. */
export interface WebhookEndpoint {
  /** `we_` and 16 hexadecimal digits. */
  endpointId: string;
  url: string;
  /** The types that it wants; empty: all. */
  types: readonly ServerEventType[];
  /** The newest first. */
  secrets: readonly WebhookSecret[];
  description: string;
  /** How long an event is tried, in ms; absent: for as long as the setting says. */
  retryForMs?: number;
  /** Unix ms. */
  createdAt: number;
  /** Null: enabled. `gone`: the receiver answered 410. */
  disabled: { at: number; why: 'operator' | 'gone' } | null;
  /** Rises by one with each change, from 1. */
  version: number;
}

/** A key whose delivery failed or is slow: its events wait for it alone, in order. */
export interface BlockedKey {
  key: string;
  /** Its last event that was delivered, or is a dead letter, is not behind this position. */
  after: number;
  /** Its last known event. */
  until: number;
  /** Failed requests for its next event. */
  attempts: number;
  /** Unix ms of the next request. */
  nextAt: number;
  /** Why the last request failed, at most 128 characters. */
  error: string;
}

/** How far an endpoint was served. */
export interface WebhookProgress {
  /** All events up to this position of the log are delivered or dead letters, but those of blocked keys. */
  cursor: number;
  /** At most `maxBlockedKeys`. */
  blocked: readonly BlockedKey[];
  /** Unix ms of the last answer that took an event; null: none yet. */
  servedAt: number | null;
  /** Unix ms since which every request failed; null: the last one succeeded. */
  failingSince: number | null;
  /** Why the last failed request failed. */
  error: string;
  /** Events that left the log before they could be delivered. */
  lost: number;
}

/** Of an endpoint that gets the events behind a position. */
export function newWebhookProgress(cursor: number): WebhookProgress {
  return { cursor, blocked: [], servedAt: null, failingSince: null, error: '', lost: 0 };
}

/** An event that an endpoint did not take. */
export interface WebhookDeadLetter {
  event: ServerEvent;
  /** Its position in the log. */
  position: number;
  /** Why its last request failed. */
  error: string;
  /** Unix ms. */
  at: number;
}

export function wants({ types, endpointId }: Pick<WebhookEndpoint, 'types' | 'endpointId'>, event: ServerEvent) {
  if (event.type === 'webhook.test') return event.data.endpointId === endpointId;
  return types.length === 0 || types.includes(event.type);
}
