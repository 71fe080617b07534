import { ImError } from '@chasqui/domain';

/** One bus message's events from their JSON texts. */
export function joinEvents(events: readonly string[]): string {
  return `[${events.join(',')}]`;
}

/** The events of one bus message. Errors: `invalid_request` (never to be retried) when the body is not a JSON array of objects. */
export function decodeEvents<Event extends object>(body: string): Event[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new ImError('invalid_request', 'a bus message is not JSON', {}, error);
  }
  if (!Array.isArray(value) || value.some((event) => typeof event !== 'object' || event === null)) {
    throw new ImError('invalid_request', 'a bus message is an array of events');
  }
  return value as Event[];
}
