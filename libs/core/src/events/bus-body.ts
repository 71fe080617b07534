import { ImError } from '@chasqui/domain';

/** An event of a bus message. */
export interface RawEvent {
  /** The parsed JSON, unchecked (see event-rules.ts). */
  value: unknown;
  /** The original JSON text: an event that nests too deep can be parsed but not serialised again. */
  text(): string;
}

/** Never occurs within the one-line JSON text of an event, because line breaks in strings are escaped. */
const BETWEEN = ',\n';

/** Makes the body of a bus message from one-line JSON texts of events, one per line. */
export function joinEvents(events: readonly string[]): string {
  return `[${events.join(BETWEEN)}]`;
}

/** The events of one bus message. Errors: `invalid_request` (never retried) if the body is not a JSON array. */
export function readEvents(body: string): RawEvent[] {
  return eventsOfLines(body) ?? eventsOfArray(body);
}

/** The values of the events. */
export function decodeEvents(body: string): unknown[] {
  return readEvents(body).map(({ value }) => value);
}

/** The events of a body with one per line; null: it has another form. */
function eventsOfLines(body: string): RawEvent[] | null {
  if (!body.startsWith('[{') || !body.endsWith('}]')) return null;
  try {
    return body
      .slice(1, -1)
      .split(BETWEEN)
      .map((line) => ({ value: JSON.parse(line), text: () => line }));
  } catch {
    return null;
  }
}

/** The events of any JSON array, such as releases up to 0.1 wrote. */
function eventsOfArray(body: string): RawEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new ImError('invalid_request', 'a bus message is not JSON', {}, error);
  }
  if (!Array.isArray(value)) throw new ImError('invalid_request', 'a bus message must be an array of events');
  return value.map((each, index) => ({ value: each, text: () => eventText(body, index) }));
}

/** The JSON text of the `index`-th event of a JSON array. Not recursive. */
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

/** The index of the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
