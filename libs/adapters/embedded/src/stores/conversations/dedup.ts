import type { Place, PostRefusal } from '@chasqui/domain';
import { ByteReader, ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { keyOfText } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import { FAMILY } from '../families.ts';

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

/** The places with the names that `nameOf` gives to logs. */
export function placesOf(numbered: NumberedPlaces, nameOf: (log: number) => string): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < numbered.length; at += PLACE_WIDTH) {
    places.push({ log: nameOf(numbered[at] as number), position: numbered[at + 1] as number });
  }
  return places;
}

const writer = new ByteWriter();

/** Without `LogRow.previous`. */
export function encodeFirst({ messageId, digest, conversation, places, refusal, at }: FirstRecording): Buffer {
  writer.varint(at);
  writer.varint(conversation);
  writer.text(messageId);
  writer.text(digest);
  writer.text(refusal ?? '');
  for (let i = 0; i < places.length; i += PLACE_WIDTH) {
    writer.varint(places[i] as number);
    writer.varint(places[i + 1] as number);
  }
  return writer.take();
}

function decodeFirst(sender: number, clientId: string, bytes: Buffer): FirstRecording {
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
  /** By sender and clientMessageId, nested: building a combined key costs as much as the look-ups. */
  readonly #recent = new Map<number, Map<string, FirstRecording>>();

  constructor(table: SortedTable, windowMs: number) {
    this.#table = table;
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

  /** Moves what is in memory into the table. */
  startFlush(): RunFlush {
    const taken: FirstRecording[][] = [];
    return new RunFlush({ table: this.#table, rows: this.#rows(taken), release: this.#release(taken) });
  }

  *#rows(taken: FirstRecording[][]): Iterable<Row> {
    for (const [, firsts] of [...this.#recent].sort(([a], [b]) => a - b)) taken.push([...firsts.values()]);
    for (const firsts of taken) {
      const rows = firsts.map((first): Row => [keyOfText(first.sender, first.clientId), encodeFirst(first)]);
      yield* rows.sort(([a], [b]) => (a < b ? -1 : 1));
    }
  }

  *#release(taken: readonly FirstRecording[][]): Iterable<void> {
    for (const firsts of taken) {
      const [{ sender }] = firsts as [FirstRecording];
      const recent = this.#recent.get(sender);
      for (const first of firsts) if (recent?.get(first.clientId) === first) recent.delete(first.clientId);
      if (recent?.size === 0) this.#recent.delete(sender);
      yield;
    }
  }

  clear(): void {
    this.#recent.clear();
  }

  #load(sender: number, clientId: string): FirstRecording | undefined {
    const value = this.#table.get(keyOfText(sender, clientId));
    return value === undefined ? undefined : decodeFirst(sender, clientId, value);
  }
}
