import { ImError } from '@chasqui/domain';

/** One bus message's events from their JSON texts. */
export function joinEvents(events: readonly string[]): string {
  return `[${events.join(',')}]`;
}

/**
 * What one bus message holds, unchecked (see event-rules.ts). Errors: `invalid_request` (never to be retried) when the
 * body is not a JSON array.
 */
export function decodeEvents(body: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new ImError('invalid_request', 'a bus message is not JSON', {}, error);
  }
  if (!Array.isArray(value)) throw new ImError('invalid_request', 'a bus message must be an array of events');
  return value;
}

/**
 * The JSON text of the `index`-th event of a bus message that `decodeEvents` took, as it stands there: an event that is nested
 * too deeply can be read and yet not be written again. Without recursion.
 */
export function eventText(body: string, index: number): string {
  let depth = 0;
  let start = body.indexOf('[') + 1;
  let place = 0;
  for (let at = start; at < body.length; at++) {
    const character = body[at];
    if (character === '"') at = endOfString(body, at);
    else if (character === '[' || character === '{') depth++;
    else if (depth > 0 && (character === ']' || character === '}')) depth--;
    else if (depth === 0 && (character === ',' || character === ']')) {
      if (place++ === index) return body.slice(start, at).trim();
      start = at + 1;
    }
  }
  throw new RangeError(`a bus message has no event ${index}`);
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
