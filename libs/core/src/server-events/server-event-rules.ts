import type { ServerEvent } from '@chasqui/domain';
import { type EventRules, known, rulesOf } from '../events/event-rules.ts';
import { SERVER_EVENTS } from './server-event-schemas.ts';

export const SERVER_EVENT_RULES: EventRules<ServerEvent> = {
  ...rulesOf<ServerEvent>(Object.fromEntries(SERVER_EVENTS.map(({ type, schema }) => [type, known(schema)]))),
  holdMs: 120_000,
};
