import { ImError } from '@chasqui/domain';

/** One bus message's events from their JSON texts. */
export function joinEvents(events: readonly string[]): string {
  return `[${events.join(',')}]`;
}

/**
 * What one bus message holds, unchecked (see event-faults.ts). Errors: `invalid_request` (never to be retried) when the
 * body is not a JSON array.
 */
export function decodeEvents(body: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new ImError('invalid_request', 'a bus message is not JSON', {}, error);
  }
  if (!Array.isArray(value)) throw new ImError('invalid_request', 'a bus message is an array of events');
  return value;
}
