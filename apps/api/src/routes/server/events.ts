import { ImError, SERVER_EVENT_TYPES, type ServerEventType } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { EventPage } from '@chasqui/ports';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { bodyOf, ServerEventBody } from '../../server/event-body.ts';

/** How long the log is kept complete for who reads it, in ms: from then on, no cursor is valid. */
const WANTED_MS = 7 * 24 * 3600 * 1000;
/** How often that time is extended, in ms. */
const RENEW_MS = 3600 * 1000;
/** How often a waiting call looks for new events, in ms. */
const LOOK_MS = 500;
/** Events of the log that are looked at together, whatever their type. */
const MAX_LOOK = 500;
const CURSOR = /^(.{1,64})~(\d{1,15})$/;

export function events(app: ApiServer, context: ApiContext): void {
  const { serverEvents, clock } = context;
  app.get(
    '/api/server/events',
    {
      config: { scope: 'events:read' },
      schema: {
        operationId: 'readServerEvents',
        tags: ['server-api'],
        summary: 'Server events, in their order',
        description:
          'The first call, without `after`, has no events and a cursor: later calls get what happened since then. A cursor is valid for a week without calls, at most for as long as the log keeps events.',
        security: API_KEY,
        querystring: Type.Object(
          {
            after: Type.Optional(Type.String({ maxLength: 80, description: 'The cursor of the call before.' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LOOK, default: 100 })),
            types: Type.Optional(
              Type.String({ maxLength: 500, description: 'Only events of these types, separated by commas.' }),
            ),
            wait: Type.Optional(
              Type.Integer({ minimum: 0, maximum: 30, default: 0, description: 'Seconds to wait for an event.' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            { events: Type.Array(ServerEventBody), cursor: Type.String() },
            { description: 'The next events.' },
          ),
          ...problems(...SERVER_PROBLEMS, 410),
        },
      },
    },
    async ({ query: { after, limit = 100, types, wait = 0 } }) => {
      const wanted = types === undefined ? null : typesIn(types);
      const now = clock.now();
      const { epoch, head, ...state } = await serverEvents.state();
      const isExtended = state.wantedUntil > now + WANTED_MS - RENEW_MS;
      const { wantedFrom } = isExtended ? state : await serverEvents.want(now + WANTED_MS, now);
      if (after === undefined) return { events: [], cursor: `${epoch}~${head}` };
      const until = clock.monotonic() + wait * 1_000;
      for (let position = positionOf(after, epoch); ; ) {
        const page = await serverEvents.page(position, limit);
        if (position < Math.max(wantedFrom, floorOf(page, position))) throw expired();
        const found = page.events.filter(({ event: { type } }) => isWanted(type, wanted));
        position = page.events.at(-1)?.position ?? position;
        const isOver = page.events.length === 0 && clock.monotonic() >= until;
        if (found.length > 0 || isOver) {
          return { events: found.map(({ event }) => bodyOf(event)), cursor: `${epoch}~${position}` };
        }
        if (page.events.length === 0) await sleep(clock, LOOK_MS);
      }
    },
  );
}

/** Errors: `invalid_request`. */
function typesIn(text: string): ReadonlySet<string> {
  const types = text.split(',').map((type) => type.trim());
  if (types.every((type) => SERVER_EVENT_TYPES.some((known) => known === type))) return new Set(types);
  throw new ImError('invalid_request', `types must be some of ${SERVER_EVENT_TYPES.join(', ')}`, { field: 'types' });
}

/** Errors: `invalid_request`; `cursor_expired` for one of before the log was set back. */
function positionOf(cursor: string, epoch: string): number {
  const [, own, position] = CURSOR.exec(cursor) ?? [];
  if (own === undefined) throw new ImError('invalid_request', 'after must be a cursor', { field: 'after' });
  if (own !== epoch) throw expired();
  return Number(position);
}

/** The place before the first event that the page can have: events may have left the log since its state was read. */
function floorOf({ events, floor }: EventPage, position: number): number {
  const [first] = events;
  return first === undefined ? Math.min(floor, position + 1) : first.position - 1;
}

function expired(): ImError {
  const text =
    'events behind this cursor are not kept any more: read what you need from the API, and begin without after';
  return new ImError('cursor_expired', text, { field: 'after' });
}

function isWanted(type: ServerEventType, wanted: ReadonlySet<string> | null): boolean {
  return type !== 'webhook.test' && (wanted === null || wanted.has(type));
}
