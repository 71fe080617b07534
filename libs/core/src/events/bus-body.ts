import { ImError } from '@chasqui/domain';

/** An event of a bus message. */
export interface RawEvent {
  /** Of its JSON, unchecked (see event-rules.ts). */
  value: unknown;
  /** Its JSON text, as it stands there: an event that nests too deep can be read and yet not be written again. */
  text(): string;
}

/** No JSON text of one line has it: a line break in a string is escaped. */
const BETWEEN = ',\n';

/** One bus message's events from their JSON texts of one line each: a line for each event. */
export function joinEvents(events: readonly string[]): string {
  return `[${events.join(BETWEEN)}]`;
}

/** What one bus message holds. Errors: `invalid_request` (never to be retried) when the body is not a JSON array. */
export function readEvents(body: string): RawEvent[] {
  return eventsOfLines(body) ?? eventsOfArray(body);
}

/** The values alone. */
export function decodeEvents(body: string): unknown[] {
  return readEvents(body).map(({ value }) => value);
}

/** Null: its events are not a line each. */
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

/** As releases up to 0.1 joined events, or anybody else may. */
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

/** The JSON text of the `index`-th event of a JSON array. Without recursion. */
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
