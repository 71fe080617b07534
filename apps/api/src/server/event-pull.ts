import { type Clock, ImError, type ServerEvent, type ServerEventType } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { EventLogState, EventPage, ServerEventStore } from '@chasqui/ports';

/** How long the log is kept complete for who reads it, in ms: from then on, no cursor is valid. */
const WANTED_MS = 7 * 24 * 3600 * 1000;
/** How often that time is extended, in ms. */
const RENEW_MS = 3600 * 1000;
/** How often a waiting call looks for new events, in ms. */
const LOOK_MS = 500;
/** Events that one call returns, and that are read together when only some types are wanted. */
export const MAX_EVENTS = 500;
/** Reads of a call that finds none of the wanted types. Then it answers without events, and the cursor moves on. */
const MAX_READS = 40;
const CURSOR = /^(.{1,64})~(\d{1,15})$/;

export interface PullOptions {
  /** A cursor of a former answer. Absent: events from now on are wanted, and the answer has their cursor alone. */
  after: string | undefined;
  limit: number;
  /** Null: all. */
  types: ReadonlySet<string> | null;
  waitMs: number;
  /** Ends the waiting: the caller is gone, or this process stops. */
  signal: AbortSignal;
  /** Runs before events that were waited for are handed out. Errors: why they must not be. */
  mayHave(): Promise<void>;
}

interface PulledEvents {
  events: ServerEvent[];
  cursor: string;
}

/** Reads the log of server events from a cursor on. Errors: `invalid_request`, `cursor_expired`; those of `mayHave`. */
export async function pullEvents(
  { serverEvents, clock }: { serverEvents: ServerEventStore; clock: Clock },
  { after, limit, types, waitMs, signal, mayHave }: PullOptions,
): Promise<PulledEvents> {
  const { epoch, head, wantedFrom } = await wantedState(serverEvents, clock.now());
  if (after === undefined) return { events: [], cursor: `${epoch}~${head}` };
  const until = clock.monotonic() + waitMs;
  let hasWaited = false;
  let position = positionOf(after, { epoch, head });
  for (let reads = 1; ; reads++) {
    const page = await serverEvents.page(position, types === null ? limit : MAX_EVENTS);
    if (position < Math.max(wantedFrom, floorOf(page, position))) throw expired();
    const found = page.events.filter(({ event: { type } }) => isWanted(type, types)).slice(0, limit);
    // Of a page with more than enough, the rest is for the next call.
    const last = found.length === limit ? found.at(-1) : page.events.at(-1);
    position = last?.position ?? position;
    const isAtEnd = page.events.length === 0;
    const isOver = isAtEnd ? clock.monotonic() >= until : reads >= MAX_READS;
    if (found.length > 0 || isOver || signal.aborted) {
      if (hasWaited) await mayHave();
      return { events: found.map(({ event }) => event), cursor: `${epoch}~${position}` };
    }
    if (!isAtEnd) continue;
    hasWaited = true;
    reads = 0;
    await sleep(clock, LOOK_MS, signal).catch(() => {});
  }
}

/** The state of the log, which stays wanted for another week. */
async function wantedState(serverEvents: ServerEventStore, now: number): Promise<EventLogState> {
  const state = await serverEvents.state();
  const isExtended = state.wantedUntil > now + WANTED_MS - RENEW_MS;
  return isExtended ? state : { ...state, ...(await serverEvents.want(now + WANTED_MS, now)), head: state.head };
}

/**
 * Errors: `invalid_request`; `cursor_expired` for one of before the log was set back, and for one behind its end: no call
 * gave that, and events would be passed over in silence.
 */
function positionOf(cursor: string, { epoch, head }: Pick<EventLogState, 'epoch' | 'head'>): number {
  const [, own, position] = CURSOR.exec(cursor) ?? [];
  if (own === undefined) throw new ImError('invalid_request', 'after must be a cursor', { field: 'after' });
  if (own !== epoch || Number(position) > head) throw expired();
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
