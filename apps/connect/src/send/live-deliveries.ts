import type { RoutedDelivery } from '@chasqui/core';
import { groupOf, ImError, type Message, ownersOf, type UserId } from '@chasqui/domain';
import type { Span } from '@chasqui/kit';
import { NO_SESSION } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';
import type { Accepted } from './accepted-message.ts';

export interface LiveMessage {
  session: Pick<Session, 'sessionId'>;
  message: Message;
  /** Null if it is not traced. */
  span: Pick<Span, 'traceparent'> | null;
}

/**
 * Deliveries to all readers of the logs that get the message, except the session that sent it: to the owners of inboxes,
 * of whom receivers are watched as given, and to the members of a group.
 */
export function deliveriesOf(
  { session: { sessionId: exceptSession }, message: { from, audience }, span }: LiveMessage,
  frame: string,
  watch?: RoutedDelivery['watch'],
): RoutedDelivery[] {
  const traceparent = span?.traceparent;
  return audience.map((log) => {
    const group = groupOf(log);
    if (log === from) return { userId: from, frame, exceptSession, traceparent };
    const watched = watch === undefined ? {} : { watch, traceparent };
    if (group !== null) return { userId: from, group, frame, onlySession: NO_SESSION, exceptSession, ...watched };
    return { userId: log, frame, ...watched };
  });
}

/** Whose inboxes get the messages that are pushed at once, unless their first copies say otherwise. */
export function expectedReaders(batch: readonly Pick<Accepted, 'decision'>[]): UserId[] {
  return batch.flatMap(({ decision: { pushes, verdict, audienceBy } }) => {
    const audience = pushes === 'at_once' ? audienceBy(verdict) : [];
    return audience instanceof ImError ? [] : ownersOf(audience);
  });
}
