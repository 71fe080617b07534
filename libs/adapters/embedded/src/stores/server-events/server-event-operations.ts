import type { ServerEvent, WebhookDeadLetter, WebhookEndpoint, WebhookProgress } from '@chasqui/domain';
import type { EventLogState, EventPage, LoggedEvent, SavedProgress, WebhookLease } from '@chasqui/ports';

/** The store worker's operations for server events and webhooks: the ports' methods, by name. */
export type ServerEventOperations = {
  'serverEvents.append'(args: [events: readonly ServerEvent[], now: number]): number;
  'serverEvents.page'(args: [after: number, limit: number]): EventPage;
  'serverEvents.ofKey'(args: [key: string, after: number, until: number, limit: number]): LoggedEvent[];
  'serverEvents.state'(args: null): EventLogState;
  'serverEvents.want'(args: [until: number, now: number]): EventLogState;
  'serverEvents.trim'(args: { olderThan: number; maxEvents: number; limit: number }): number;
  'webhooks.put'(args: WebhookEndpoint): boolean;
  'webhooks.list'(args: null): { endpoint: WebhookEndpoint; lease: WebhookLease }[];
  'webhooks.remove'(args: string): boolean;
  'webhooks.progress'(args: string): WebhookProgress | null;
  'webhooks.save'(args: [endpointId: string, save: SavedProgress]): WebhookLease | null;
  'webhooks.deadLetters'(
    args: [endpointId: string, after: number, limit: number, replayed: boolean],
  ): WebhookDeadLetter[];
  'webhooks.replay'(args: [endpointId: string, positions: readonly number[] | 'all']): number;
  'webhooks.trimDeadLetters'(args: [olderThan: number, limit: number]): number;
};
