import type { Place, PostRefusal } from '@chasqui/domain';
import { ByteReader, ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { keyOfText } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import { WaitingRows } from '../../runs/waiting-rows.ts';
import { FAMILY } from '../families.ts';

/**
 * Where a message was appended, as PLACE_WIDTH values each: the number of the log, the position, and `LogRow.previous`
 * (0 if it was found, as no row has it).
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

/** The places with the names that `nameOf` gives to logs. */
export function placesOf(numbered: NumberedPlaces, nameOf: (log: number) => string): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < numbered.length; at += PLACE_WIDTH) {
    places.push({ log: nameOf(numbered[at] as number), position: numbered[at + 1] as number });
  }
  return places;
}

const writer = new ByteWriter();

/** Without `LogRow.previous`. Replaces what the writer has: part of a row that was refused. */
function writeFirst({ messageId, digest, conversation, places, refusal, at }: FirstRecording): void {
  writer.length = 0;
  writer.varint(at);
  writer.varint(conversation);
  writer.text(messageId);
  writer.text(digest);
  writer.text(refusal ?? '');
  for (let i = 0; i < places.length; i += PLACE_WIDTH) {
    writer.varint(places[i] as number);
    writer.varint(places[i + 1] as number);
  }
}

export function encodeFirst(first: FirstRecording): Buffer {
  writeFirst(first);
  return writer.take();
}

export function decodeFirst(sender: number, clientId: string, bytes: Buffer): FirstRecording {
  const reader = new ByteReader(bytes);
  const at = reader.varint();
  const conversation = reader.varint();
  const messageId = reader.text();
  const digest = reader.text();
  const refusal = reader.text();
  const places: number[] = [];
  while (!reader.isAtEnd) places.push(reader.varint(), reader.varint(), 0);
  const first = { sender, clientId, messageId, digest, conversation, places, at };
  return refusal === '' ? first : { ...first, refusal: refusal as PostRefusal };
}

/** The rows of first recordings by sender and clientMessageId. Merges drop those that are older than the window. */
export function openDedupTable(tables: SortedTables, windowMs: number): SortedTable {
  return tables.open({
    family: FAMILY.dedup,
    keeping:
      (now) =>
      ([, value]) =>
        value !== null && new ByteReader(value).varint() >= now - windowMs,
  });
}

/** First recordings within the dedup window: the newest in memory (and in the journal), the others in the table. */
export class Dedup {
  readonly #table: SortedTable;
  readonly #windowMs: number;
  /**
   * The places of the rows in `#waiting`, by sender and clientMessageId; nested, as building a combined key costs as much
   * as the look-ups.
   */
  readonly #recent = new Map<number, Map<string, number>>();
  readonly #waiting = new WaitingRows();

  constructor(table: SortedTable, windowMs: number) {
    this.#table = table;
    this.#windowMs = windowMs;
  }

  find(sender: number, clientId: string, now: number): FirstRecording | undefined {
    const place = this.#recent.get(sender)?.get(clientId);
    const value = place === undefined ? this.#table.get(keyOfText(sender, clientId)) : this.#waiting.get(place);
    const found = value === undefined ? undefined : decodeFirst(sender, clientId, value);
    return found !== undefined && found.at >= now - this.#windowMs ? found : undefined;
  }

  add(first: FirstRecording): void {
    writeFirst(first);
    const place = this.#waiting.add(writer);
    const known = this.#recent.get(first.sender);
    if (known === undefined) this.#recent.set(first.sender, new Map([[first.clientId, place]]));
    else known.set(first.clientId, place);
  }

  /** Moves what is in memory into the table. */
  startFlush(): RunFlush {
    const taken: Taken[] = [];
    return new RunFlush({ table: this.#table, rows: this.#rows(taken), release: this.#release(taken) });
  }

  *#rows(taken: Taken[]): Iterable<Row> {
    for (const [sender, places] of [...this.#recent].sort(([a], [b]) => a - b))
      taken.push({ sender, places: [...places] });
    for (const { sender, places } of taken) {
      const keyed = places.map(([clientId, place]): [string, number] => [keyOfText(sender, clientId), place]);
      for (const [key, place] of keyed.sort(([a], [b]) => (a < b ? -1 : 1))) yield [key, this.#waiting.get(place)];
    }
  }

  *#release(taken: readonly Taken[]): Iterable<void> {
    let end = 0;
    for (const { sender, places } of taken) {
      const recent = this.#recent.get(sender);
      for (const [clientId, place] of places) {
        if (recent?.get(clientId) === place) recent.delete(clientId);
        end = Math.max(end, place);
      }
      if (recent?.size === 0) this.#recent.delete(sender);
      yield;
    }
    this.#waiting.dropBefore(end);
  }

  clear(): void {
    this.#recent.clear();
    this.#waiting.clear();
  }
}

/** The places of a sender's rows when a flush began, by clientMessageId. */
interface Taken {
  sender: number;
  places: readonly [clientId: string, place: number][];
}
