import { ATTACHMENT_LIMITS } from '@chasqui/domain';
import { createMemoryBlobs } from '@chasqui/memory';
import { describe, expect, test } from 'vitest';
import {
  attach,
  codeOf,
  complete,
  DAY_MS,
  fileUrl,
  keysWithBytes,
  offsetOf,
  patch,
  recall,
  reserve,
  rounds,
  sha256,
} from './attach.ts';
import { createDyingApi } from './dying-api.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { GIF, JPEG, largePng, PNG, WEBP } from './pictures.ts';

const text = (content: string) => Buffer.from(content);

describe('uploading', () => {
  test('a file goes up in pieces, is checked, sent, and comes down as it was', async () => {
    await using api = await createTestApi();
    const bytes = largePng(300_000);
    const { id, state, upload } = await reserve(api, 'ana', bytes, { name: 'Meer 海 "1".png' });
    expect([state, upload.url]).toEqual(['uploading', `/api/attachments/${id}/upload`]);
    expect(await offsetOf(api, 'ana', id)).toEqual([0, bytes.length]);
    expect((await patch(api, 'ana', id, bytes.subarray(0, 100_000))).headers['upload-offset']).toBe('100000');
    expect(await offsetOf(api, 'ana', id)).toEqual([100_000, bytes.length]);
    expect(codeOf(await patch(api, 'ana', id, bytes.subarray(0, 10), 99_999))).toEqual([409, 'upload_conflict']);
    expect(codeOf(await complete(api, 'ana', id))).toEqual([409, 'upload_conflict']);
    expect((await patch(api, 'ana', id, bytes.subarray(100_000), 100_000)).statusCode).toBe(204);
    const file = (await complete(api, 'ana', id)).json();
    expect(file).toEqual({
      ...{ id, state: 'ready', name: 'Meer 海 "1".png', size: bytes.length, type: 'image/png' },
      ...{ sha256: sha256(bytes), media: { omitted: 'unavailable' } },
    });
    expect((await complete(api, 'ana', id)).json()).toEqual(file);
    expect(codeOf(await patch(api, 'ana', id, bytes, bytes.length))).toEqual([409, 'upload_conflict']);
    const message = await api.store('ana', 'bob', 'see', { attachments: [file] });
    for (const as of ['ana', 'bob']) {
      const answer = await api.call('GET', fileUrl(message, id), { as });
      expect([answer.statusCode, answer.rawPayload.equals(bytes)]).toEqual([200, true]);
      expect(answer.headers).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(bytes.length),
        'content-disposition': `inline; filename="Meer _ _1_.png"; filename*=UTF-8''Meer%20%E6%B5%B7%20%221%22.png`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-cache',
      });
    }
    const { messages } = (await api.call('GET', `/api/conversations/ana~bob/messages`, { as: 'bob' })).json();
    expect(messages[0].content.attachments).toMatchObject([{ id, size: bytes.length, type: 'image/png' }]);
  });

  test('C15: an upload without bytes and without their type is refused', async () => {
    await using api = await createTestApi();
    const { id } = await reserve(api, 'ana', PNG);
    const answer = await api.call('PATCH', `/api/attachments/${id}/upload`, {
      as: 'ana',
      headers: { 'upload-offset': '0' },
    });
    expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    expect(answer.json().error.field).toBe('content-type');
  });

  test('C15: bytes that are not what was announced are refused for the reason, and nothing of them is kept', async () => {
    await using api = await createTestApi();
    const { id } = await reserve(api, 'ana', PNG, { sha256: sha256(JPEG) });
    await patch(api, 'ana', id, PNG);
    expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'refused', reason: 'checksum_wrong' });
    expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'refused' });
    expect(await keysWithBytes(api)).toEqual([]);
    const { id: longer } = await reserve(api, 'ana', PNG, { size: PNG.length - 1 });
    expect(codeOf(await patch(api, 'ana', longer, PNG))).toEqual([413, 'content_too_large']);
  });

  test.each([
    ['image/png', PNG, 'text/html', 'inline'],
    ['image/jpeg', JPEG, 'image/png', 'inline'],
    ['image/gif', GIF, 'x/y', 'inline'],
    ['image/webp', WEBP, 'image/webp', 'inline'],
    ['application/pdf', text('%PDF-1.7 <script>'), 'application/pdf', 'attachment'],
    ['application/octet-stream', text('<svg xmlns="x"><script>1</script></svg>'), 'image/svg+xml', 'attachment'],
    ['application/octet-stream', text('<!doctype html><script>1</script>'), 'text/html', 'attachment'],
    ['text/plain', text('<!doctype html><script>1</script>'), 'text/plain', 'attachment'],
    ['application/octet-stream', text('a\0b'), 'text/plain', 'attachment'],
    ['video/mp4', text('\0\0\0\x20ftypisom'), 'video/mp4', 'inline'],
    ['audio/ogg', text('OggS…'), 'audio/ogg', 'inline'],
    ['application/zip', text('PK\x03\x04…'), 'application/java-archive', 'attachment'],
  ])(
    'C15: %s is found by its content, and a browser runs nothing in it',
    async (type, bytes, announced, disposition) => {
      await using api = await createTestApi();
      const file = await attach(api, 'ana', bytes, { type: announced, name: 'x.html' });
      expect(file.type).toBe(type);
      const { headers } = await api.call(
        'GET',
        fileUrl(await api.store('ana', 'bob', 'x', { attachments: [file] }), file.id),
        {
          as: 'bob',
        },
      );
      expect([headers['content-type'], String(headers['content-disposition']).split(';')[0]]).toEqual([
        type,
        disposition,
      ]);
      expect([headers['x-content-type-options'], headers['content-security-policy']]).toEqual([
        ...['nosniff', "default-src 'none'; sandbox"],
      ]);
    },
  );

  test.each([
    ['name', { name: 'a/b' }],
    ['name', { name: '..\\x' }],
    ['name', { name: 'a\u202egnp.exe' }],
    ['name', { name: 'a\u061cb' }],
    ['name', { name: 'a\u200bb' }],
    ['name', { name: 'a\u2028b' }],
    ['name', { name: '.' }],
    ['name', { name: '..' }],
    ['name', { name: ' ' }],
    ['name', { name: '' }],
    ['size', { size: 0 }],
    ['size', { size: 100 * 1024 * 1024 + 1 }],
    ['type', { type: 'text/html; charset=utf-8' }],
    ['sha256', { sha256: 'A'.repeat(64) }],
  ])('C15: what cannot be announced is refused by its field %s: %j', async (field, fields) => {
    await using api = await createTestApi();
    const payload = { name: 'sea.png', type: 'image/png', size: 3, sha256: '0'.repeat(64), ...fields };
    const answer = await api.call('POST', '/api/attachments', { as: 'ana', payload });
    expect([answer.statusCode, answer.json().error]).toMatchObject([400, { code: 'invalid_request', field }]);
  });

  test('C15: another version of tus is refused, with the one that is spoken here', async () => {
    await using api = await createTestApi();
    const { id } = await reserve(api, 'ana', PNG);
    const headers = { 'tus-resumable': '0.2.2', 'upload-offset': '0' };
    const answer = await api.call('PATCH', `/api/attachments/${id}/upload`, { as: 'ana', headers });
    expect([answer.statusCode, answer.headers['tus-version']]).toEqual([412, '1.0.0']);
  });

  test('completed several times at once, an attachment is ready once, and whole', async () => {
    await using api = await createTestApi();
    const { id } = await reserve(api, 'ana', PNG);
    await patch(api, 'ana', id, PNG);
    const answers = await Promise.all([1, 2, 3].map(() => complete(api, 'ana', id)));
    expect(answers.map((answer) => answer.json().state)).toEqual(['ready', 'ready', 'ready']);
    const message = await api.store('ana', 'bob', 'x', {
      attachments: [{ id, name: 'x', size: PNG.length, type: 'image/png' }],
    });
    expect((await api.call('GET', fileUrl(message, id), { as: 'bob' })).rawPayload.equals(PNG)).toBe(true);
  });

  test('C16: checks at once, open uploads and the bytes of an hour are bounded', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const blobs = createMemoryBlobs();
    const read: typeof blobs.uploads.read = async (key) => {
      begin();
      await opened;
      return blobs.uploads.read(key);
    };
    const settings = { maxChecks: 2, maxWaitingChecks: 1, attachmentBytesPerHour: 100 * 1024 };
    await using api = await createTestApi({ blobs: { ...blobs, uploads: { ...blobs.uploads, read } } }, settings);
    const [first, second] = [await reserve(api, 'ana', PNG), await reserve(api, 'ana', PNG)];
    for (const { id } of [first, second]) await patch(api, 'ana', id, PNG);
    const checking = complete(api, 'ana', first.id);
    await begun;
    expect(codeOf(await complete(api, 'ana', second.id))).toEqual([429, 'too_fast']);
    const ofOthers = await Promise.all(
      ['bob', 'cat', 'dan'].map(async (as) => ({ as, id: (await reserve(api, as, PNG)).id })),
    );
    for (const { as, id } of ofOthers) await patch(api, as, id, PNG);
    const answers = ofOthers.map(({ as, id }) => complete(api, as, id));
    expect(codeOf(await Promise.race(answers))).toEqual([503, 'overloaded']);
    open();
    expect(
      [(await checking).json().state, ...(await Promise.all(answers)).map((one) => one.json().state)].sort(),
    ).toEqual(['ready', 'ready', 'ready', undefined]);
    for (let n = 1; n < ATTACHMENT_LIMITS.maxOpenUploads; n++) await reserve(api, 'ana', PNG);
    const announce = (as: string, size = 3) =>
      api.call('POST', '/api/attachments', { as, payload: { name: 'a', type: 'a/b', size, sha256: '0'.repeat(64) } });
    expect(codeOf(await announce('ana'))).toEqual([409, 'limit_reached']);
    expect((await announce('bob', 99 * 1024)).statusCode).toBe(201);
    expect(codeOf(await announce('bob', 2 * 1024))).toEqual([429, 'too_fast']);
    await api.clock.advance(DAY_MS / 24);
    expect((await announce('bob', 2 * 1024)).statusCode).toBe(201);
  });

  test('nobody sees, goes on with, completes or gives up the upload of somebody else', async () => {
    await using api = await createTestApi();
    const { id } = await reserve(api, 'ana', PNG);
    const url = `/api/attachments/${id}`;
    for (const [method, path] of [
      ...([
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/complete'],
        ['DELETE', '/upload'],
      ] as const),
    ]) {
      expect(codeOf(await api.call(method, url + path, { as: 'bob' })), method).toEqual([404, 'not_found']);
    }
    expect(codeOf(await patch(api, 'bob', id, PNG))).toEqual([404, 'not_found']);
    expect((await api.call('HEAD', `${url}/upload`, { as: 'bob' })).statusCode).toBe(404);
    expect(await offsetOf(api, 'ana', id)).toEqual([0, PNG.length]);
  });
});

test('C2: whenever the process is killed on the way of an upload, repeating it ends it, and nothing is left over', {
  timeout: 90_000,
}, async () => {
  await using api = await createTestApi();
  for (let calls = 0, isDone = false; !isDone; calls++) {
    const dying = await createDyingApi(api, calls);
    const call: TestApi['call'] = async (method, url, { as = '', headers, ...more } = {}) => {
      const authorization = `Bearer ${await api.tokenOf(as)}`;
      return dying.call(method, url, { ...more, headers: { authorization, ...headers } });
    };
    isDone = await attach({ call }, 'ana', PNG).then(
      () => true,
      () => false,
    );
    await dying[Symbol.asyncDispose]();
    const [row] = await api.deps.attachments.page('', 9);
    if (row !== undefined && row.state === 'uploading') {
      const [offset = 0] = await offsetOf(api, 'ana', row.id);
      if (offset < PNG.length) await patch(api, 'ana', row.id, PNG.subarray(offset), offset);
      expect((await complete(api, 'ana', row.id)).json().state).toBe('ready');
    }
    if (row !== undefined) {
      const message = await api.store('ana', 'bob', 'x', { attachments: [{ ...row, type: 'image/png' }] });
      expect((await api.call('GET', fileUrl(message, row.id), { as: 'bob' })).rawPayload.equals(PNG)).toBe(true);
      await recall(api, message);
    }
    expect(calls).toBeLessThan(40);
    await rounds(api, DAY_MS + 1);
    expect(await api.deps.attachments.page('', 9)).toEqual([]);
  }
});
