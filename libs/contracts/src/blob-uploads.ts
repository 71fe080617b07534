import type { BlobStore, BlobUploads } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const LIMIT = 1_000_000;

function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 29 + (i >> 8) * 11 + seed) & 0xff);
}

async function* piecesOf(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Everything that `BlobUploads` promises. */
export function blobUploadsContract(name: string, harness: Harness<BlobStore & { uploads: BlobUploads }>): void {
  describe(`BlobUploads: ${name}`, () => {
    const subject = subjectOf(harness, (blobs) => [blobs]);
    const uploads = () => subject.current.uploads;
    const all = async (pieces: AsyncIterable<Uint8Array> | null) =>
      pieces === null ? null : Buffer.concat(await Array.fromAsync(pieces));
    const isSame = (found: Uint8Array | null, bytes: Uint8Array) =>
      expect(Buffer.compare(found ?? Buffer.of(9), bytes)).toBe(0);

    test('pieces of several calls become one blob, which nobody sees before it is finished', async () => {
      const bytes = bytesOf(700_001, 1);
      expect([await uploads().size('k'), await uploads().read('k')]).toEqual([0, null]);
      await uploads().append('k', piecesOf(bytes.subarray(0, 300_000)), LIMIT);
      expect(await uploads().size('k')).toBe(300_000);
      await uploads().append('k', piecesOf(new Uint8Array()), LIMIT);
      await uploads().append('k', piecesOf(bytes.subarray(300_000), 997), LIMIT);
      expect(await subject.current.get('k')).toBeNull();
      isSame(await all(await uploads().read('k')), bytes);
      for (let n = 0; n < 2; n++) await uploads().seal('k', bytes.length);
      await expect(uploads().seal('k', bytes.length + 1)).rejects.toMatchObject({ code: 'upload_conflict' });
      for (let n = 0; n < 2; n++) await uploads().finish('k');
      isSame(await all(await subject.current.get('k')), bytes);
      expect(await uploads().size('k')).toBe(bytes.length);
      isSame(await all(await uploads().read('k')), bytes);
    });

    test('what came before the pieces failed stays, and the upload goes on from there', async () => {
      const bytes = bytesOf(600_000, 2);
      async function* failing() {
        yield* piecesOf(bytes.subarray(0, 410_000));
        throw new Error('the client is gone');
      }
      await expect(uploads().append('k', failing(), LIMIT)).rejects.toThrow('the client is gone');
      const size = await uploads().size('k');
      expect(size).toBe(410_000);
      await uploads().append('k', piecesOf(bytes.subarray(size)), LIMIT);
      await uploads().finish('k');
      isSame(await all(await subject.current.get('k')), bytes);
    });

    test('C16: bytes beyond the announced size are refused', async () => {
      const refusal = { code: 'content_too_large' };
      await expect(uploads().append('k', piecesOf(bytesOf(50_001, 1)), 50_000)).rejects.toMatchObject(refusal);
      expect(await uploads().size('k')).toBeLessThanOrEqual(50_000);
    });

    test('two writers at once never change what is there', async () => {
      const [a, b] = [bytesOf(300_000, 5), bytesOf(300_000, 6)];
      await uploads().append('k', piecesOf(a), LIMIT);
      await Promise.allSettled([uploads().append('k', piecesOf(b), LIMIT), uploads().append('k', piecesOf(b), LIMIT)]);
      const found = (await all(await uploads().read('k'))) ?? Buffer.of();
      isSame(found.subarray(0, a.length), a);
    });

    test('a writer that is late adds nothing to the bytes of the finished blob', async () => {
      const bytes = bytesOf(10_000, 5);
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      async function* late() {
        await finished;
        yield bytesOf(10_000, 6);
      }
      const writing = uploads().append('k', late(), LIMIT);
      await uploads().append('k', piecesOf(bytes), LIMIT);
      await uploads().finish('k');
      finish();
      await writing;
      isSame(await all(await subject.current.get('k', { from: 0, to: 9_999 })), bytes);
    });

    test('what is removed is gone, uploaded or finished', async () => {
      for (const key of ['a', 'b', 'ab']) await uploads().append(key, piecesOf(bytesOf(3, 1)), LIMIT);
      await uploads().finish('b');
      for (const key of ['a', 'b', 'c']) await subject.current.remove(key);
      for (const key of ['a', 'b'])
        expect([await uploads().size(key), await subject.current.get(key)]).toEqual([0, null]);
      await uploads().finish('a');
      expect([await subject.current.get('a'), await uploads().size('ab')]).toEqual([null, 3]);
    });

    test.each(['', '..', 'a/b', 'A', 'a'.repeat(65)])('a key that is none is refused: %j', async (key) => {
      for (const call of [
        () => uploads().size(key),
        () => uploads().append(key, piecesOf(bytesOf(1, 1)), LIMIT),
        () => uploads().read(key),
        () => uploads().finish(key),
      ]) {
        await expect((async () => call())()).rejects.toMatchObject({ code: 'internal' });
      }
    });

    if (harness.reopen !== undefined) {
      test('what was appended survives a kill', async () => {
        await uploads().append('k', piecesOf(bytesOf(70_000, 5)), LIMIT);
        await subject.reopen();
        isSame(await all(await uploads().read('k')), bytesOf(70_000, 5));
      });
    }
  });
}
