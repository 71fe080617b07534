import { ImError, type Limits } from '@chasqui/domain';
import type { EventPublisher } from '@chasqui/journey';

/** What a node's events wait in, and its bounds (C16). */
export interface Admission {
  readonly publisher: Pick<EventPublisher, 'waiting' | 'waitingCharacters'>;
  readonly limits: Pick<Limits, 'maxInFlightPerNode' | 'maxInFlightCharactersPerNode'>;
}

/**
 * Refuses what would be one event too many for this node. Called before anything of the frame is noted, so that the
 * client may repeat it as if it had never been sent. `more`: events that are on their way to the publisher.
 * Errors: `overloaded`.
 */
export function admit({ publisher, limits }: Admission, more = 0): void {
  if (publisher.waiting + more >= limits.maxInFlightPerNode) throw overloaded();
  if (publisher.waitingCharacters >= limits.maxInFlightCharactersPerNode) throw overloaded();
}

/** One for all: to make an error, with its stack, costs as much as the rest of a refusal, and refusing must be cheap. */
const OVERLOADED = new ImError('overloaded', 'this node has too much in flight', { retryAfterMs: 500 });

export function overloaded(): ImError {
  return OVERLOADED;
}
