import { type ClientRequest, request } from 'node:http';
import { MOMENT_LIMITS } from '@chasqui/domain';
import { createMemoryBlobs } from '@chasqui/memory';
import type { MomentPictures, MomentStore } from '@chasqui/ports';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';
import { befriend, feed, post, upload } from './moments-people.ts';
import { GIF, JPEG, PNG, WEBP } from './pictures.ts';

const DAY_MS = 24 * 3600 * 1000;
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

/** An API whose blobs are counted. */
async function start(change: { remove?: (key: string) => Promise<void> } = {}) {
  const keys = new Set<string>();
  const blobs = createMemoryBlobs();
  const api = await createTestApi({
    blobs: {
      ...blobs,
      async put(key, bytes) {
        await blobs.put(key, bytes);
        keys.add(key);
      },
      async remove(key) {
        await change.remove?.(key);
        await blobs.remove(key);
        keys.delete(key);
      },
    },
  });
  return Object.assign(api, { keys });
}

/** Waits for the sweeper's rounds. */
async function rounds(api: TestApi, ms: number): Promise<void> {
  await api.clock.advance(ms);
  await api.clock.advance(61_000);
}

describe('uploading', () => {
  test.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/webp', WEBP],
    ['image/gif', GIF],
  ])('%s is taken for what it is, whatever it is sent as, and comes back as it was', async (type, bytes) => {
    await using api = await start();
    for (const sentAs of [type, 'image/gif', 'application/octet-stream']) {
      const uploaded = await upload(api, 'ana', bytes, sentAs);
      expect(uploaded.statusCode).toBe(201);
      expect(uploaded.json()).toMatchObject({ type, bytes: bytes.length, width: 3, height: 2 });
      const { pictureId } = uploaded.json();
      const { momentId } = await post(api, 'ana', { pictures: [pictureId] });
      const answer = await api.call('GET', `/api/moments/${momentId}/pictures/${pictureId}`, { as: 'ana' });
      expect(answer.headers['content-type']).toBe(type);
      expect(answer.rawPayload.equals(bytes)).toBe(true);
    }
  });

  test.each([
    [422, 'content_invalid', 'SVG that says it is PNG', svg, 'image/png'],
    [415, 'invalid_request', 'SVG', svg, 'image/svg+xml'],
    [422, 'content_invalid', 'HTML in the name of GIF', Buffer.from('GIF89<script>alert(1)</script>'), 'image/gif'],
    [422, 'content_invalid', 'a cut JPEG', JPEG.subarray(0, 200), 'image/jpeg'],
    [422, 'content_invalid', 'nothing', Buffer.alloc(0), 'image/png'],
    [415, 'invalid_request', 'JSON', Buffer.from('{}'), 'application/json'],
  ])('C15: %i %s: %s, and nothing is kept', async (status, code, _, bytes, type) => {
    await using api = await start();
    const answer = await upload(api, 'ana', bytes, type);
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    expect([...api.keys]).toEqual([]);
  });

  test('C16: a picture of too many bytes or too many pixels is refused', async () => {
    await using api = await start();
    const large = Buffer.concat([PNG, Buffer.alloc(MOMENT_LIMITS.maxPictureBytes - PNG.length)]);
    expect((await upload(api, 'ana', large)).statusCode).toBe(201);
    expect((await upload(api, 'ana', Buffer.concat([large, Buffer.of(0)]))).statusCode).toBe(413);
    for (const [width, height] of [
      [MOMENT_LIMITS.maxPictureSide + 1, 1],
      [10_000, 10_000],
    ] as const) {
      const bomb = Buffer.from(PNG);
      bomb.writeUInt32BE(width, 16);
      bomb.writeUInt32BE(height, 20);
      const answer = await upload(api, 'ana', bomb);
      expect([answer.statusCode, answer.json().error.code]).toEqual([422, 'content_invalid']);
    }
    expect(api.keys.size).toBe(1);
  });

  test('C16: uploads at once are bounded, and those that ended make room', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    let putting = 0;
    const blobs = createMemoryBlobs();
    const put: typeof blobs.put = async (...args) => {
      putting++;
      await opened;
      await blobs.put(...args);
    };
    await using api = await createTestApi({ blobs: { ...blobs, put } }, { maxUploads: 2 });
    const first = [upload(api, 'ana'), upload(api, 'bob')];
    await expect.poll(() => putting).toBe(2);
    const third = await upload(api, 'cat');
    expect([third.statusCode, third.json().error.code]).toEqual([503, 'overloaded']);
    open();
    expect((await Promise.all(first)).map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    expect((await upload(api, 'ana')).statusCode).toBe(201);
  });

  test('C16: one user has a share of the uploads, and the others find room', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    let putting = 0;
    const blobs = createMemoryBlobs();
    const put: typeof blobs.put = async (...args) => {
      putting++;
      await opened;
      await blobs.put(...args);
    };
    await using api = await createTestApi({ blobs: { ...blobs, put } }, { maxUploads: 4, maxUploadsPerUser: 3 });
    const first = Array.from({ length: 3 }, () => upload(api, 'ana'));
    await expect.poll(() => putting).toBe(3);
    const fourth = await upload(api, 'ana');
    expect([fourth.statusCode, fourth.json().error.code]).toEqual([429, 'too_fast']);
    const others = upload(api, 'bob');
    await expect.poll(() => putting).toBe(4);
    open();
    const ended = await Promise.all([...first, others]);
    expect(ended.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201]);
    expect((await upload(api, 'ana')).statusCode).toBe(201);
  });

  test('C16: an upload that is broken off makes room, and nothing of it is kept', async () => {
    const owners: string[] = [];
    const counted = ({ momentPictures }: { momentPictures: MomentPictures }) => ({
      momentPictures: {
        ...momentPictures,
        async note(...args: Parameters<MomentPictures['note']>) {
          owners.push(args[0]);
          await momentPictures.note(...args);
        },
      },
    });
    // Requested repeatedly until the condition holds.
    const often = { perSecond: 1e6, burst: 1e6 };
    const momentsPerUser = { moment: often, reply: often, picture: often };
    await using api = await createTestApi(counted, { maxUploads: 1, momentsPerUser });
    const base = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const authorization = `Bearer ${await api.tokenOf('ana')}`;
    const headers = { authorization, 'content-type': 'image/png', 'content-length': 900 };
    const begin = (): ClientRequest => {
      const upload = request(`${base}/api/moments/pictures`, { method: 'POST', headers });
      upload.on('error', () => {});
      // Bob accessed it just before.
      upload.once('response', () => {
        upload.destroy();
        broken = begin();
      });
      upload.write(PNG);
      return upload;
    };
    let broken = begin();
    onTestFinished(() => void broken.destroy());
    const status = () => upload(api, 'bob').then(({ statusCode }) => statusCode);
    await expect.poll(status, { timeout: 10_000 }).toBe(503);
    broken.destroy();
    await expect.poll(status, { timeout: 10_000 }).toBe(201);
    expect(owners).not.toContain('ana');
  }, 30_000);

  test('a picture has its own time to come: longer than what other calls have, and not for ever', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const blobs = createMemoryBlobs();
    const put: typeof blobs.put = async (...args) => {
      await opened;
      await blobs.put(...args);
    };
    const hangs = (deps: { moments: MomentStore }) => ({
      blobs: { ...blobs, put },
      moments: { ...deps.moments, page: () => new Promise<never>(() => {}) },
    });
    await using patient = await createTestApi(hangs, { handlerTimeoutMs: 100 });
    const uploading = upload(patient, 'ana');
    expect((await patient.call('GET', '/api/moments', { as: 'ana' })).statusCode).toBe(504);
    await using hasty = await createTestApi(hangs, { pictureTimeoutMs: 100 });
    expect((await upload(hasty, 'ana')).statusCode).toBe(504);
    open();
    expect((await uploading).statusCode).toBe(201);
  });

  test("another's picture, or one that is posted already, cannot be posted", async () => {
    await using api = await start();
    const { pictureId } = (await upload(api, 'ana')).json();
    const payload = { text: 'mine now', pictures: [pictureId] };
    expect((await api.call('POST', '/api/moments', { as: 'bob', payload })).statusCode).toBe(404);
    await post(api, 'ana', payload);
    expect((await api.call('POST', '/api/moments', { as: 'ana', payload })).statusCode).toBe(404);
    expect(await feed(api, 'bob')).toEqual([]);
  });
});

describe('showing', () => {
  test('a picture comes with headers that keep it a picture, for its viewer alone', async () => {
    await using api = await start();
    await befriend(api, 'ana', 'bob');
    const { pictureId } = (await upload(api, 'ana')).json();
    const { momentId } = await post(api, 'ana', { pictures: [pictureId] });
    const url = `/api/moments/${momentId}/pictures/${pictureId}`;
    const answer = await api.call('GET', url, { as: 'bob' });
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(PNG.length),
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename="${pictureId}.png"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      vary: expect.stringContaining('authorization'),
      etag: `"${pictureId}"`,
    });
    const headers = { 'if-none-match': `"${pictureId}"` };
    expect(await api.call('GET', url, { as: 'bob', headers })).toMatchObject({ statusCode: 304, payload: '' });
    await api.deps.contacts.remove('ana', 'bob');
    expect((await api.call('GET', url, { as: 'bob', headers })).statusCode).toBe(404);
  });

  test('a picture of one moment is not shown by another', async () => {
    await using api = await start();
    await befriend(api, 'ana', 'bob');
    const { pictureId } = (await upload(api, 'ana')).json();
    await post(api, 'ana', { pictures: [pictureId], chosen: ['bob'] });
    const other = await post(api, 'ana', { text: 'for all' });
    await befriend(api, 'ana', 'cat');
    for (const as of ['ana', 'bob', 'cat']) {
      const answer = await api.call('GET', `/api/moments/${other.momentId}/pictures/${pictureId}`, { as });
      expect(answer.statusCode).toBe(404);
    }
  });
});

describe('C16: pictures that nobody can see any more', () => {
  test('go soon after their moment was deleted; the others stay', async () => {
    await using api = await start();
    const [gone, kept] = [(await upload(api, 'ana')).json().pictureId, (await upload(api, 'ana')).json().pictureId];
    const { momentId } = await post(api, 'ana', { pictures: [gone] });
    await post(api, 'ana', { pictures: [kept] });
    expect((await api.call('DELETE', `/api/moments/${momentId}`, { as: 'ana' })).statusCode).toBe(204);
    await rounds(api, 0);
    expect([...api.keys]).toEqual([kept]);
    await rounds(api, 2 * DAY_MS);
    expect([...api.keys]).toEqual([kept]);
    expect(await api.deps.momentPictures.due(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
  });

  test('go a day after they were uploaded and not posted', async () => {
    await using api = await start();
    const { pictureId } = (await upload(api, 'ana')).json();
    await rounds(api, DAY_MS - 120_000);
    expect([...api.keys]).toEqual([pictureId]);
    await rounds(api, 120_000);
    expect([...api.keys]).toEqual([]);
    const payload = { pictures: [pictureId] };
    expect((await api.call('POST', '/api/moments', { as: 'ana', payload })).statusCode).toBe(404);
  });

  test('go later when the blob store is away, and are remembered until then', async () => {
    let isAway = true;
    await using api = await start({
      async remove() {
        if (isAway) throw new Error('away');
      },
    });
    const { pictureId } = (await upload(api, 'ana')).json();
    const { momentId } = await post(api, 'ana', { pictures: [pictureId] });
    await api.call('DELETE', `/api/moments/${momentId}`, { as: 'ana' });
    await rounds(api, 0);
    expect([...api.keys]).toEqual([pictureId]);
    isAway = false;
    await rounds(api, 0);
    expect([...api.keys]).toEqual([]);
  });
});
