import type { ServerEvent } from '@chasqui/domain';

/** An event at its place in the log of server events. */
export interface LoggedEvent {
  position: number;
  event: ServerEvent;
  /** Unix ms at which it was appended. */
  loggedAt: number;
}

/** The state of the log. All events at positions in (floor, head] are kept. */
export interface EventLogState {
  /** Another one: the log was set back, and positions of the former mean nothing. */
  epoch: string;
  floor: number;
  head: number;
  /** For who reads the log itself, events at positions in (wantedFrom, head] were appended, whatever their type. */
  wantedFrom: number;
  /** Unix ms until which somebody reads the log itself; 0: nobody does. */
  wantedUntil: number;
}

export interface EventPage extends EventLogState {
  events: LoggedEvent[];
}

/**
 * The log of server events: positions are contiguous from 1, and an appended event is seen by every later read together
 * with all before it. A resolved write survives kill -9. Bound: what `trim` leaves. Errors: `store_unavailable` (repeat:
 * every call is idempotent).
 */
export interface ServerEventStore extends AsyncDisposable {
  /**
   * Appends the events in order, atomically, but those whose id the log has: the first copy stands. `now`: Unix ms.
   * Returns how many are new.
   */
  append(events: readonly ServerEvent[], now: number): Promise<number>;
  /** The first `limit` events after a position. A position below the floor reads from the floor. */
  page(after: number, limit: number): Promise<EventPage>;
  /** The first `limit` events of a key at positions in (after, until]. */
  ofKey(key: string, range: { after: number; until: number; limit: number }): Promise<LoggedEvent[]>;
  state(): Promise<EventLogState>;
  /**
   * Somebody reads the log itself until then (Unix ms; never brought forward). If nobody did at `now`, `wantedFrom`
   * becomes the head: not all events before were appended.
   */
  want(until: number, now: number): Promise<EventLogState>;
  /**
   * Drops at most `limit` of the oldest events that were appended before `olderThan` (Unix ms), or are not among the
   * newest `maxEvents`. Returns how many.
   */
  trim(options: { olderThan: number; maxEvents: number; limit: number }): Promise<number>;
  ping(): Promise<void>;
}
