import type { BlockReader } from './block-reader.ts';
import { IntList } from './int-list.ts';
import { type Segment, SLOTS_PER_BLOCK } from './segment.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { compareWords, type Word } from './words.ts';

/** One of the segments that become one. */
interface Source {
  entries: Iterator<BlockReader, undefined>;
  /** Undefined: there is no other word. */
  entry: BlockReader | undefined;
  /** The number that each of its documents gets. */
  places: Uint32Array;
}

/** Writes one segment that has all that several have, in small steps. */
export function* merge(segments: readonly Segment[], writer: SegmentWriter): Generator<void, Segment> {
  const { slots, places } = yield* mergeSlots(segments);
  const sources = segments.map((segment, at): Source => {
    const entries = segment.entries();
    return { entries, entry: entries.next().value, places: places[at] as Uint32Array };
  });
  const former = new Uint32Array(Math.max(...segments.map(({ size }) => size)));
  const documents = new IntList();
  for (;;) {
    const word = firstWord(sources);
    if (word === undefined) break;
    documents.clear();
    for (const source of sources) {
      const { entry } = source;
      if (entry === undefined || compareWords(entry, word) !== 0) continue;
      entry.readDocuments(former);
      for (let at = 0; at < entry.count; at++) documents.push(source.places[former[at] as number] as number);
      source.entry = source.entries.next().value;
    }
    documents.sort();
    if (writer.add(word, documents)) yield;
  }
  return yield* writer.complete(slots);
}

function firstWord(sources: readonly Source[]): Word | undefined {
  let first: Word | undefined;
  for (const { entry } of sources) {
    if (entry !== undefined && (first === undefined || compareWords(entry, first) < 0)) first = entry;
  }
  // The reader itself goes on.
  return first && { bytes: first.bytes, at: first.at, end: first.end };
}

/** All slots in order, and the place of each segment's documents among them. */
function* mergeSlots(segments: readonly Segment[]): Generator<void, { slots: Float64Array; places: Uint32Array[] }> {
  const slots = new Float64Array(segments.reduce((sum, { size }) => sum + size, 0));
  const places = segments.map(({ size }) => new Uint32Array(size));
  const blocks = segments.map((segment) => segment.slots(0));
  const heads = segments.map(() => 0);
  for (let at = 0; at < slots.length; at++) {
    let source = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let other = 0; other < segments.length; other++) {
      const head = heads[other] as number;
      const slot = blocks[other]?.[head % SLOTS_PER_BLOCK] as number;
      if (head < (segments[other]?.size as number) && slot < smallest) {
        source = other;
        smallest = slot;
      }
    }
    slots[at] = smallest;
    const head = heads[source] as number;
    (places[source] as Uint32Array)[head] = at;
    heads[source] = head + 1;
    if ((head + 1) % SLOTS_PER_BLOCK !== 0) continue;
    if (head + 1 < (segments[source]?.size as number)) {
      blocks[source] = (segments[source] as Segment).slots((head + 1) / SLOTS_PER_BLOCK);
    }
    yield;
  }
  return { slots, places };
}
