import type { UserId } from './conversation-id.ts';

declare const brand: unique symbol;
/**
 * Names a log: a numbered list of updates with contiguous positions from 1 (C10). A user's inbox has the user's id; the name
 * of any other kind of log must not be able to be one.
 */
export type LogId = string & { readonly [brand]?: 'LogId' };

/** The logs that a message is appended to, its sender's first where the sender has one of them. Never empty, never a log twice. */
export type Audience = readonly LogId[];

/** A place in a log: contiguous from 1; 0 is before the first. */
export type Position = number;

/** Where something stands in a log. */
export interface Place {
  log: LogId;
  position: Position;
}

export function inboxOf(userId: UserId): LogId {
  return userId;
}

/** Whose inbox the log is; null: it is no inbox. Today every log is one. */
export function ownerOf(log: LogId): UserId | null {
  return log;
}

/** Users whose inboxes are among the logs. */
export function ownersOf(audience: Audience): UserId[] {
  return audience.map(ownerOf).filter((owner) => owner !== null);
}

/** Where it stands in one of the logs; 0: it is not in that log. */
export function positionIn(places: readonly Place[], log: LogId): Position {
  for (const place of places) if (place.log === log) return place.position;
  return 0;
}

/** Places as text, for stores: `log position`, joined by commas, which no log id contains. */
export function encodePlaces(places: readonly Place[]): string {
  return places.map(({ log, position }) => `${log} ${position}`).join(',');
}

export function decodePlaces(text: string): Place[] {
  if (text === '') return [];
  return text.split(',').map((place) => {
    const space = place.indexOf(' ');
    return { log: place.slice(0, space), position: Number(place.slice(space + 1)) };
  });
}
