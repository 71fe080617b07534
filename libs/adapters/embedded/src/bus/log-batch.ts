import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader, ByteWriter } from '../runs/bytes.ts';
import { sealed, unsealed } from '../sqlite/sealed.ts';

/** An entry of a span; its offset follows from its place. */
export interface BatchEntry {
  /** Unix ms. */
  publishedAt: number;
  body: string;
}

/** Consecutive entries of one stream in a batch. */
export interface Span<Entry = BatchEntry> {
  stream: number;
  /** The offset of the first entry. */
  first: number;
  entries: Entry[];
}

/** What the header of a batch says of an entry. */
interface EntryLength {
  publishedAt: number;
  /** Characters of the body. */
  length: number;
}

export interface Batch {
  /** With a checksum. */
  header: Buffer;
  /** The texts of all entries, in order. */
  body: Buffer;
}

export interface UnpackedBatch {
  spans: Span[];
  isDamaged: boolean;
}

interface Header {
  checksum: number;
  isCompressed: boolean;
  spans: Span<EntryLength>[];
}

/** Smaller texts are written as they are. */
const COMPRESSED_FROM = 2_000;
/** A small window: its tables are cleared for each batch. */
const COMPRESSION = { params: { [zlib.ZSTD_c_compressionLevel]: 1, [zlib.ZSTD_c_windowLog]: 17 } };

const writer = new ByteWriter();

export function packBatch(spans: readonly Span[]): Batch {
  const text = Buffer.from(spans.flatMap(({ entries }) => entries.map(({ body }) => body)).join(''));
  const isCompressed = text.length >= COMPRESSED_FROM;
  const body = isCompressed ? zstdCompressSync(text, COMPRESSION) : text;
  writer.varint(crc32(body));
  writer.byte(isCompressed ? 1 : 0);
  let before = 0;
  for (const { stream, first, entries } of spans) {
    writer.varint(stream);
    writer.varint(first);
    writer.varint(entries.length);
    for (const { publishedAt, body: one } of entries) {
      writer.signed(publishedAt - before);
      writer.varint(one.length);
      before = publishedAt;
    }
  }
  return { header: sealed(writer.take()), body };
}

/** The spans of a batch, without its texts; null: the header is damaged. */
export function spansOf(header: Uint8Array): Span<EntryLength>[] | null {
  return headerOf(header)?.spans ?? null;
}

/** Null: the header is damaged. Where only the texts are, each is empty: nothing can handle it, but its offset stays. */
export function unpackBatch({ header, body }: { header: Uint8Array; body: Uint8Array }): UnpackedBatch | null {
  const found = headerOf(header);
  if (found === null) return null;
  const isDamaged = crc32(body) !== found.checksum;
  const text = isDamaged ? '' : Buffer.from(found.isCompressed ? zstdDecompressSync(body) : body).toString();
  let at = 0;
  const spans = found.spans.map(({ entries, ...span }) => ({
    ...span,
    entries: entries.map(({ publishedAt, length }) => {
      at += length;
      return { publishedAt, body: text.slice(at - length, at) };
    }),
  }));
  return { spans, isDamaged };
}

function headerOf(header: Uint8Array): Header | null {
  const bytes = unsealed(Buffer.from(header.buffer, header.byteOffset, header.length));
  if (bytes === null) return null;
  const reader = new ByteReader(bytes);
  const checksum = reader.varint();
  const isCompressed = reader.byte() === 1;
  const spans: Span<EntryLength>[] = [];
  let before = 0;
  while (!reader.isAtEnd) {
    const stream = reader.varint();
    const first = reader.varint();
    const entries: EntryLength[] = [];
    for (let left = reader.varint(); left > 0; left--) {
      before += reader.signed();
      entries.push({ publishedAt: before, length: reader.varint() });
    }
    spans.push({ stream, first, entries });
  }
  return { checksum, isCompressed, spans };
}
