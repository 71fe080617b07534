import type { BlobStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

/** All byte values, in no simple order. */
function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + seed) & 0xff);
}

/** Everything that `BlobStore` promises. */
export function blobStoreContract(name: string, harness: Harness<BlobStore>): void {
  describe(`BlobStore: ${name}`, () => {
    const subject = subjectOf(harness, (blobs) => [blobs]);
    const read = async (key: string): Promise<Uint8Array | null> => {
      const pieces = await subject.current.get(key);
      return pieces === null ? null : new Uint8Array(Buffer.concat(await Array.fromAsync(pieces)));
    };

    test('gives back the very bytes, of any length', async () => {
      await subject.current.ping();
      for (const [i, length] of [0, 1, 65_536, 5 * 1024 * 1024].entries()) {
        const bytes = bytesOf(length, i);
        await subject.current.put(`b${i}`, bytes);
        // Compared as a whole: a diff of millions of bytes would take minutes.
        expect(Buffer.compare(Buffer.from((await read(`b${i}`)) ?? [9]), bytes)).toBe(0);
      }
      expect(await read('none')).toBeNull();
    });

    test('stores a Blob as it stores bytes', async () => {
      const bytes = bytesOf(3_000_001, 4);
      await subject.current.put('k', new Blob([bytes.slice()]));
      expect(Buffer.compare(Buffer.from((await read('k')) ?? [9]), bytes)).toBe(0);
    });

    test('gives the bytes of a range, and no others', async () => {
      const bytes = bytesOf(200_000, 3);
      await subject.current.put('k', bytes);
      for (const [from, to] of [
        [0, 0],
        [0, 199_999],
        [65_535, 65_536],
        [70_000, 199_999],
        [199_999, 199_999],
      ] as const) {
        const pieces = (await subject.current.get('k', { from, to })) ?? [];
        expect(Buffer.compare(Buffer.concat(await Array.fromAsync(pieces)), bytes.subarray(from, to + 1))).toBe(0);
      }
      expect(await subject.current.get('none', { from: 0, to: 1 })).toBeNull();
    });

    test('what is put again replaces what was there; who reads meanwhile gets one of the two as a whole', async () => {
      const versions = [1, 2, 3, 4].map((seed) => bytesOf(300_000, seed));
      await subject.current.put('k', versions[0] as Uint8Array);
      const reading = Array.from({ length: 6 }, () => read('k'));
      for (const version of versions) {
        const putting = subject.current.put('k', version);
        reading.push(read('k'));
        await putting;
      }
      const whole = new Set(versions.map((bytes) => Buffer.from(bytes).toString('base64')));
      for (const bytes of await Promise.all(reading))
        expect(whole).toContain(Buffer.from(bytes ?? []).toString('base64'));
      expect(await read('k')).toEqual(versions[3]);
    });

    test('what is removed is gone, and nothing else', async () => {
      for (const key of ['a', 'ab']) await subject.current.put(key, bytesOf(3, 1));
      await subject.current.remove('a');
      await subject.current.remove('a');
      expect(await read('a')).toBeNull();
      expect(await read('ab')).toEqual(bytesOf(3, 1));
    });

    test.each(['', '.', '..', '../a', 'a/b', 'A', 'a b', 'a\0', '%2e', 'a'.repeat(65)])(
      'a key that is none is refused: %j',
      async (key) => {
        for (const call of [
          () => subject.current.put(key, bytesOf(1, 1)),
          () => subject.current.get(key),
          () => subject.current.remove(key),
        ]) {
          await expect(call()).rejects.toMatchObject({ code: 'internal' });
        }
      },
    );

    test('lists everything that is there, and what has gone no more', async () => {
      const began = Date.now();
      for (const key of ['a', 'b', 'zz9']) await subject.current.put(key, bytesOf(3, 1));
      await subject.current.remove('b');
      const found = await Array.fromAsync(subject.current.all());
      expect(found.map(({ key }) => key).toSorted()).toEqual(['a', 'zz9']);
      // Of the store's own clock, in seconds; memory has none.
      for (const { at } of found) expect(at === 0 || Math.abs(at - began) < 60_000).toBe(true);
    });

    if (harness.reopen !== undefined) {
      test('what was put survives a kill', async () => {
        await subject.current.put('k', bytesOf(70_000, 5));
        await subject.reopen();
        expect(await read('k')).toEqual(bytesOf(70_000, 5));
      });
    }
  });
}
