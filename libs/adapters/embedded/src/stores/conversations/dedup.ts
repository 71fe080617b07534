import { decodePlaces, encodePlaces, type Place, POST_REFUSALS, type PostRefusal } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';

/**
 * Where a message was appended, as PLACE_WIDTH values each: the number of the log, the position, and `LogRow.previous`
 * (0 if read from the table, which does not have it). Flat, as thousands stay in memory until they are flushed.
 */
export type NumberedPlaces = readonly number[];
export const PLACE_WIDTH = 3;

/** The outcome of the first recording of a (sender, clientMessageId). */
export interface FirstRecording {
  sender: number;
  clientId: string;
  messageId: string;
  digest: string;
  conversation: number;
  places: NumberedPlaces;
  /** Only of a message that was refused: why. It has no places. */
  refusal?: PostRefusal;
  /** Unix ms. */
  at: number;
}

/** In the order of `dedupValues`. */
const COLUMNS = 'sender, client_id, message_id, digest, conversation, places, at';
const SELECT = `SELECT ${COLUMNS} FROM dedup WHERE sender = ? AND client_id = ?`;
const INSERT = `INSERT OR REPLACE INTO dedup (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** The places with the names that `nameOf` gives to logs. */
export function placesOf(numbered: NumberedPlaces, nameOf: (log: number) => string): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < numbered.length; at += PLACE_WIDTH) {
    places.push({ log: nameOf(numbered[at] as number), position: numbered[at + 1] as number });
  }
  return places;
}

function dedupValues(first: FirstRecording): Row {
  const places = first.refusal ?? encodePlaces(placesOf(first.places, String));
  return [first.sender, first.clientId, first.messageId, first.digest, first.conversation, places, first.at];
}

function firstRecordingOf(values: Row): FirstRecording {
  const [sender, clientId, messageId, digest, conversation, places, at] = values as [
    ...[number, string, string, string, number, string, number],
  ];
  if (Object.hasOwn(POST_REFUSALS, places)) {
    const refusal = places as PostRefusal;
    return { sender, clientId, messageId, digest, conversation, places: [], refusal, at };
  }
  const numbered = decodePlaces(places).flatMap(({ log, position }) => [Number(log), position, 0]);
  return { sender, clientId, messageId, digest, conversation, places: numbered, at };
}

/** The sweep looks for expired rows, this many at a time, cyclically. */
const SWEEP = `DELETE FROM dedup
  WHERE (sender, client_id) > (?, ?) AND (sender, client_id) <= (?, ?) AND at < ?`;
const NEXT = `SELECT sender, client_id FROM dedup WHERE (sender, client_id) > (?, ?) ORDER BY sender, client_id LIMIT 1 OFFSET ?`;

/** First recordings within the dedup window: the newest in memory (and in the journal), the others in the table. */
export class Dedup {
  readonly #db: Database;
  readonly #windowMs: number;
  /** By sender and clientMessageId, nested: building a combined key costs as much as the look-ups. */
  readonly #recent = new Map<number, Map<string, FirstRecording>>();
  #sweptTo: [sender: number, clientId: string] = [0, ''];

  constructor(db: Database, windowMs: number) {
    this.#db = db;
    this.#windowMs = windowMs;
  }

  find(sender: number, clientId: string, now: number): FirstRecording | undefined {
    const found = this.#recent.get(sender)?.get(clientId) ?? this.#load(sender, clientId);
    return found !== undefined && found.at >= now - this.#windowMs ? found : undefined;
  }

  add(first: FirstRecording): void {
    const known = this.#recent.get(first.sender);
    if (known === undefined) this.#recent.set(first.sender, new Map([[first.clientId, first]]));
    else known.set(first.clientId, first);
  }

  /** The recordings that are not in the table, the last of its order first. */
  unflushed(): FirstRecording[] {
    const senders = [...this.#recent].sort(([a], [b]) => b - a);
    return senders.flatMap(([, firsts]) =>
      [...firsts.values()].sort((a, b) => (a.clientId < b.clientId ? 1 : a.clientId > b.clientId ? -1 : 0)),
    );
  }

  flush(first: FirstRecording): void {
    const { sender, clientId } = first;
    this.#db.run(INSERT, ...dedupValues(first));
    const recent = this.#recent.get(sender);
    if (recent?.get(clientId) !== first) return;
    recent.delete(clientId);
    if (recent.size === 0) this.#recent.delete(sender);
  }

  /** Checks the next `rows` rows and removes the expired ones (C16). */
  sweep(rows: number, now: number): void {
    const end = this.#db.get(NEXT, ...this.#sweptTo, rows - 1) as [number, string] | undefined;
    const to = end ?? [Number.MAX_SAFE_INTEGER, ''];
    this.#db.run(SWEEP, ...this.#sweptTo, ...to, now - this.#windowMs);
    this.#sweptTo = end ?? [0, ''];
  }

  clear(): void {
    this.#recent.clear();
  }

  #load(sender: number, clientId: string): FirstRecording | undefined {
    const values = this.#db.get(SELECT, sender, clientId);
    return values === undefined ? undefined : firstRecordingOf(values);
  }
}
