import type { ByteReader, ByteWriter } from './bytes.ts';

/** Numbers of chunks or of sections, each with its first key. */
export function writeFirstKeys(writer: ByteWriter, firstKeys: readonly string[], numbers: readonly number[]): void {
  for (const [i, key] of firstKeys.entries()) {
    writer.varint(numbers[i] as number);
    writer.varint(key.length);
    writer.latin1(key, 0);
  }
}

/** The rest of what the reader has. */
export function readFirstKeys(reader: ByteReader): { firstKeys: string[]; numbers: number[] } {
  const firstKeys: string[] = [];
  const numbers: number[] = [];
  while (!reader.isAtEnd) {
    numbers.push(reader.varint());
    firstKeys.push(reader.latin1(reader.varint()));
  }
  return { firstKeys, numbers };
}
