import { type ConversationId, isGroupId, type UserId } from './conversation-id.ts';

declare const brand: unique symbol;
/**
 * Names a log: a numbered list of updates with contiguous positions from 1 (C10). A user's inbox has the user's id;
 * names of other kinds of logs must never be valid user ids.
 */
export type LogId = string & { readonly [brand]?: 'LogId' };

/**
 * The logs that a message is appended to; the sender's comes first if it is included. Never empty, without duplicates.
 */
export type Audience = readonly LogId[];

/** A position in a log: contiguous from 1; 0 is before the first. */
export type Position = number;

/** A log and a position in it. */
export interface Place {
  log: LogId;
  position: Position;
}

export function inboxOf(userId: UserId): LogId {
  return userId;
}

/** Begins the log ids of groups; no user id contains it. */
const GROUP_LOG = '~';

/** The group's own log, which has its messages whatever the number of its members. */
export function groupLog(group: ConversationId): LogId {
  return GROUP_LOG + group;
}

/** The group whose log it is; null if the log is an inbox. */
export function groupOf(log: LogId): ConversationId | null {
  return log.startsWith(GROUP_LOG) ? log.slice(1) : null;
}

/** The log that a user reads a conversation's messages from: the group's, or the user's inbox. */
export function logOf(conversationId: ConversationId, userId: UserId): LogId {
  return isGroupId(conversationId) ? groupLog(conversationId) : inboxOf(userId);
}

/** The owner of an inbox; null if the log is not an inbox. */
export function ownerOf(log: LogId): UserId | null {
  return log.startsWith(GROUP_LOG) ? null : log;
}

/** The users whose inboxes are in the audience. */
export function ownersOf(audience: Audience): UserId[] {
  return audience.map(ownerOf).filter((owner) => owner !== null);
}

/** The position in the given log; 0 if no place is in that log. */
export function positionIn(places: readonly Place[], log: LogId): Position {
  for (const place of places) if (place.log === log) return place.position;
  return 0;
}

/** Places as text, for stores: `log position`, separated by commas, which no log id contains. */
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
