import type { BlobStore, DirectBlobs, SignedPart } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const MIB = 1024 * 1024;

function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length).fill(seed);
  for (let at = 0; at < length; at += 997) bytes[at] = (at * 31 + seed) & 0xff;
  return bytes;
}

/** Everything that `DirectBlobs` promises. */
export function directBlobsContract(name: string, harness: Harness<BlobStore & { direct: DirectBlobs }>): void {
  describe(`DirectBlobs: ${name}`, () => {
    const subject = subjectOf(harness, (blobs) => [blobs]);
    const direct = () => subject.current.direct;
    const all = async (pieces: AsyncIterable<Uint8Array> | null) =>
      pieces === null ? null : Buffer.concat(await Array.fromAsync(pieces));
    const isSame = (found: Uint8Array | null, bytes: Uint8Array) =>
      expect(Buffer.compare(found ?? Buffer.of(9), bytes)).toBe(0);
    const put = async ({ url, from, size }: SignedPart, bytes: Uint8Array<ArrayBuffer>) => {
      const answer = await fetch(url, { method: 'PUT', body: bytes.subarray(from, from + size) });
      await answer.body?.cancel();
      return answer.status;
    };
    const partsOf = async (key: string, size: number, limit = 100) => {
      const missing = await direct().missing(key, size, limit);
      if (missing === null) throw new Error('no upload is open');
      return missing;
    };
    const conflict = { code: 'upload_conflict' };
    const upload = async (key: string, bytes: Uint8Array<ArrayBuffer>) => {
      for (const part of (await direct().begin(key, bytes.length, 100)).parts) expect(await put(part, bytes)).toBe(200);
    };

    test('parts that a client puts become one blob; what is missing can be asked for again', async () => {
      const bytes = bytesOf(20 * MIB + 3, 1);
      expect(await direct().missing('k', bytes.length, 100)).toBeNull();
      const { parts, sent, expiresInS } = await direct().begin('k', bytes.length, 100);
      expect([parts.map(({ number }) => number), sent, expiresInS > 0]).toEqual([[1, 2, 3], 0, true]);
      expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(bytes.length);
      expect((await partsOf('k', bytes.length, 2)).parts).toHaveLength(2);
      const [first, second, third] = parts as [SignedPart, SignedPart, SignedPart];
      expect([await put(third, bytes), await put(first, bytes)]).toEqual([200, 200]);
      await expect(direct().seal('k', bytes.length)).rejects.toMatchObject(conflict);
      expect(await direct().size('k')).toBe(first.size + third.size);
      expect(await subject.current.get('k')).toBeNull();
      const rest = await partsOf('k', bytes.length);
      expect([rest.parts.map(({ number }) => number), rest.sent]).toEqual([[2], first.size + third.size]);
      expect(await put(second, bytes)).toBe(200);
      const seals = await Promise.allSettled([1, 2, 3].map(() => direct().seal('k', bytes.length)));
      const refused = seals.filter((seal) => seal.status === 'rejected');
      expect(refused.length).toBeLessThan(3);
      for (const { reason } of refused) expect(reason).toMatchObject(conflict);
      await direct().seal('k', bytes.length);
      isSame(await all(await direct().read('k')), bytes);
      await direct().finish('k');
      expect([await direct().size('k'), await direct().missing('k', bytes.length, 9)]).toEqual([bytes.length, null]);
      const range = await subject.current.get('k', { from: 8 * MIB - 1, to: 8 * MIB });
      isSame(await all(range), bytes.subarray(8 * MIB - 1, 8 * MIB + 1));
    });

    test('a blob of one byte', async () => {
      await upload('one', bytesOf(1, 7));
      await direct().seal('one', 1);
      isSame(await all(await direct().read('one')), bytesOf(1, 7));
    });

    test('once sealed, the addresses of parts change nothing, and no upload begins in its place', async () => {
      const bytes = bytesOf(1_000, 1);
      const { parts } = await direct().begin('k', bytes.length, 9);
      expect(await put(parts[0] as SignedPart, bytes)).toBe(200);
      await direct().seal('k', bytes.length);
      expect(await put(parts[0] as SignedPart, bytesOf(1_000, 2))).toBeGreaterThanOrEqual(400);
      expect(await direct().missing('k', bytes.length, 9)).toBeNull();
      await direct().seal('k', bytes.length);
      isSame(await all(await direct().read('k')), bytes);
    });

    test('C16: an address takes its number of bytes alone, one part, and one method', async () => {
      const bytes = bytesOf(1_000, 1);
      const [part] = (await direct().begin('k', bytes.length, 9)).parts as [SignedPart];
      expect(await put({ ...part, size: 999 }, bytes)).toBeGreaterThanOrEqual(400);
      expect(await put({ ...part, size: 2_000 }, bytesOf(2_000, 1))).toBeGreaterThanOrEqual(400);
      const other = part.url.replace('partNumber=1', 'partNumber=2');
      expect(await put({ ...part, url: other }, bytes)).toBe(403);
      for (const method of ['GET', 'DELETE', 'POST']) expect((await fetch(part.url, { method })).status).toBe(403);
      expect(await direct().size('k')).toBe(0);
    });

    test('what is removed takes no more bytes, and leaves nothing', async () => {
      const bytes = bytesOf(1_000, 1);
      const { parts } = await direct().begin('a', bytes.length, 9);
      await upload('b', bytes);
      await upload('c', bytes);
      await direct().seal('c', bytes.length);
      const keys = async () =>
        [...new Set((await Array.fromAsync(subject.current.all())).map(({ key }) => key))].sort();
      expect(await keys()).toEqual(['a', 'b', 'c']);
      for (const key of ['a', 'b', 'c']) await subject.current.remove(key);
      expect(await put(parts[0] as SignedPart, bytes)).toBeGreaterThanOrEqual(400);
      expect(await keys()).toEqual([]);
      for (const key of ['a', 'b', 'c']) {
        expect([await direct().size(key), await direct().read(key)]).toEqual([0, null]);
        await expect(direct().seal(key, bytes.length)).rejects.toMatchObject(conflict);
      }
    });

    test('a link gives the blob, or a part of it, as what it is served as, and expires', async () => {
      const bytes = bytesOf(3_000, 4);
      await subject.current.put('k', bytes);
      const disposition = `attachment; filename="a _ b+c.txt"; filename*=UTF-8''a%20%27%20b%2Bc.txt`;
      const { url, expiresInS } = await direct().link('k', { type: 'text/plain', disposition });
      expect(expiresInS).toBeGreaterThan(0);
      expect(new URL(url).origin).toBe(direct().origin);
      const answer = await fetch(url);
      isSame(new Uint8Array(await answer.arrayBuffer()), bytes);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(answer.headers.get('content-disposition')).toBe(disposition);
      const part = await fetch(url, { headers: { range: 'bytes=5-6' } });
      isSame(new Uint8Array(await part.arrayBuffer()), bytes.subarray(5, 7));
      const asked = new URL(url);
      for (const [parameter, value] of [
        ['response-content-type', 'text/html'],
        ['X-Amz-Expires', '604800'],
      ] as const) {
        const changed = new URL(asked);
        changed.searchParams.set(parameter, value);
        expect((await fetch(changed)).status, parameter).toBe(403);
      }
      expect((await fetch(asked, { method: 'DELETE' })).status).toBe(403);
      expect((await fetch(url.replace(/\/k\?/, '/other?'))).status).toBe(403);
    });

    test.each(['', '..', 'a/b', 'A', 'a'.repeat(65)])('a key that is none is refused: %j', async (key) => {
      for (const call of [
        () => direct().begin(key, 1, 1),
        () => direct().missing(key, 1, 1),
        () => direct().size(key),
        () => direct().seal(key, 1),
        () => direct().read(key),
        () => direct().link(key, { type: 'a/b', disposition: 'inline' }),
      ]) {
        await expect((async () => call())()).rejects.toMatchObject({ code: 'internal' });
      }
    });
  });
}
