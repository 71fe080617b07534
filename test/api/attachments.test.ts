import { ATTACHMENT_LIMITS } from '@chasqui/domain';
import { createMemoryBlobs } from '@chasqui/memory';
import { describe, expect, test } from 'vitest';
import { attach, complete, fileUrl, patch, reserve, sha256 } from './attach.ts';
import { createDyingApi } from './dying-api.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { GIF, JPEG, largePng, PNG, WEBP } from './pictures.ts';

const DAY_MS = 24 * 3600 * 1000;
const text = (content: string) => Buffer.from(content);
const codeOf = (answer: { statusCode: number; json(): { error?: { code: string } } }) => [
  answer.statusCode,
  answer.json().error?.code,
];
const stateOf = async (api: TestApi, as: string, id: string) =>
  (await api.call('GET', `/api/attachments/${id}`, { as })).json().state;
const offsetOf = async (api: TestApi, as: string, id: string) => {
  const { headers } = await api.call('HEAD', `/api/attachments/${id}/upload`, { as });
  return [headers['upload-offset'], headers['upload-length']].map(Number);
};
const keys = async (api: TestApi) => {
  const rows = await api.deps.attachments.page('', 100);
  const there = await Promise.all(rows.map(async ({ id }) => ((await api.deps.blobs.get(id)) === null ? [] : [id])));
  return there.flat();
};
/** Waits for the sweeper's rounds. */
async function rounds(api: TestApi, ms: number): Promise<void> {
  await api.clock.advance(ms);
  await api.clock.advance(61_000);
}
async function recall(api: TestApi, message: Awaited<ReturnType<TestApi['store']>>) {
  const { conversationId, messageId, from, audience } = message;
  const action = { action: 'recall', revision: 1, by: from, at: api.clock.now() } as const;
  await api.deps.messages.apply({ conversationId, messageId }, action, 'business-1');
  await api.deps.conversations.act({ ...action, conversationId, messageId, audience });
}

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
    expect(await keys(api)).toEqual([]);
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
    const settings = { maxChecks: 2, attachmentBytesPerHour: 100 * 1024 };
    await using api = await createTestApi({ blobs: { ...blobs, uploads: { ...blobs.uploads, read } } }, settings);
    const [first, second] = [await reserve(api, 'ana', PNG), await reserve(api, 'ana', PNG)];
    for (const { id } of [first, second]) await patch(api, 'ana', id, PNG);
    const checking = complete(api, 'ana', first.id);
    await begun;
    expect(codeOf(await complete(api, 'ana', second.id))).toEqual([429, 'too_fast']);
    const ofOthers = await Promise.all(
      ['bob', 'cat'].map(async (as) => ({ as, id: (await reserve(api, as, PNG)).id })),
    );
    for (const { as, id } of ofOthers) await patch(api, as, id, PNG);
    const answers = ofOthers.map(({ as, id }) => complete(api, as, id));
    expect(codeOf(await Promise.race(answers))).toEqual([503, 'overloaded']);
    open();
    expect(
      [(await checking).json().state, ...(await Promise.all(answers)).map((one) => one.json().state)].sort(),
    ).toEqual([...['ready', 'ready', undefined]]);
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

describe('C20: reading', () => {
  test('a file is for those who may see a message that carries it, for no other message, and for as long', async () => {
    await using api = await createTestApi();
    const file = await attach(api, 'ana', PNG);
    const message = await api.store('ana', 'bob', 'x', { attachments: [file] });
    const other = await api.store('ana', 'bob', 'y');
    const elsewhere = await api.store('ana', 'cat', 'z');
    const read = async (as: string, url: string) => codeOf2(await api.call('GET', url, { as }));
    const codeOf2 = ({ statusCode, payload }: { statusCode: number; payload: string }) =>
      statusCode < 300 ? statusCode : [statusCode, JSON.parse(payload).error.code];
    expect(await read('bob', fileUrl(message, file.id))).toBe(200);
    expect(await read('cat', fileUrl(message, file.id))).toEqual([403, 'not_a_member']);
    expect(await read('bob', fileUrl(other, file.id))).toEqual([404, 'not_found']);
    expect(await read('cat', fileUrl(elsewhere, file.id))).toEqual([404, 'not_found']);
    expect(await read('cat', fileUrl({ ...message, conversationId: 'ana~cat' }, file.id))).toEqual([
      ...[404, 'message_not_found'],
    ]);
    const others = await attach(api, 'ana', JPEG);
    expect(await read('bob', fileUrl(message, others.id))).toEqual([404, 'not_found']);
    // As a forwarded one: another message refers to it.
    const forwarded = await api.store('bob', 'cat', 'forwarded', { attachments: [file] });
    expect(await read('cat', fileUrl(forwarded, file.id))).toBe(200);
    await recall(api, message);
    expect(await read('bob', fileUrl(message, file.id))).toEqual([404, 'message_not_found']);
    expect(await read('ana', fileUrl(message, file.id))).toEqual([404, 'message_not_found']);
    expect(await read('cat', fileUrl(forwarded, file.id))).toBe(200);
    await api.call('PATCH', `/api/conversations/bob~cat/state`, {
      ...{ as: 'cat', payload: { clearedUpTo: forwarded.messageId } },
    });
    expect(await read('cat', fileUrl(forwarded, file.id))).toEqual([404, 'message_not_found']);
    expect(await read('bob', fileUrl(forwarded, file.id))).toBe(200);
  });

  test('of a group: who joined later, was removed or came back has the files of their own intervals', async () => {
    await using api = await createTestApi();
    const settings = { history: 'since_join' };
    const group = { conversationId: 'team', name: 'team', members: ['bob'], settings };
    await api.call('POST', '/api/groups', { as: 'ana', payload: group });
    const send = async () => {
      const file = await attach(api, 'ana', PNG);
      return fileUrl(await api.post('team', 'ana', 'x', undefined, { attachments: [file] }), file.id);
    };
    const sees = async (as: string, ...urls: string[]) =>
      Promise.all(urls.map(async (url) => (await api.call('GET', url, { as })).statusCode));
    const before = await send();
    await api.call('POST', '/api/groups/team/members', { as: 'ana', payload: { users: ['cat'] } });
    const during = await send();
    await api.call('DELETE', '/api/groups/team/members/cat', { as: 'ana' });
    const after = await send();
    expect(await sees('cat', before, during, after)).toEqual([404, 200, 404]);
    await api.call('POST', '/api/groups/team/members', { as: 'ana', payload: { users: ['cat'] } });
    expect(await sees('cat', before, during, after, await send())).toEqual([404, 200, 404, 200]);
    expect(await sees('bob', before, during, after)).toEqual([200, 200, 200]);
    expect(await sees('eve', before)).toEqual([403]);
  });

  test.each([
    ['bytes=0-0', 206, [0, 0]],
    ['bytes=5-', 206, [5, 99]],
    ['bytes=-1', 206, [99, 99]],
    ['bytes=-1000', 206, [0, 99]],
    ['bytes=90-1000', 206, [90, 99]],
    ['bytes=0-1,5-6', 200, [0, 99]],
    ['bytes=9-3', 200, [0, 99]],
    ['pages=1-2', 200, [0, 99]],
    ['bytes=100-', 416, null],
    ['bytes=-0', 416, null],
  ] as const)('the range %s is answered with %i', async (range, status, bounds) => {
    await using api = await createTestApi();
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, n) => n));
    const file = await attach(api, 'ana', bytes, { type: 'x/y' });
    const url = fileUrl(await api.store('ana', 'bob', 'x', { attachments: [file] }), file.id);
    const answer = await api.call('GET', url, { as: 'bob', headers: { range } });
    expect(answer.statusCode).toBe(status);
    const [from, to] = bounds ?? [0, -1];
    if (bounds !== null) expect(answer.rawPayload.equals(bytes.subarray(from, to + 1))).toBe(true);
    const told = status === 206 ? `bytes ${from}-${to}/100` : status === 416 ? 'bytes */100' : undefined;
    expect(answer.headers['content-range']).toBe(told);
    const etag = String(answer.headers.etag);
    const ask = (headers: { [name: string]: string }) => api.call('GET', url, { as: 'bob', headers });
    expect((await ask({ 'if-none-match': etag })).statusCode).toBe(304);
    expect((await ask({ range, 'if-range': '"another"' })).statusCode).toBe(200);
  });
});

describe('collection', () => {
  test('what is in no message goes after a day, bytes and row; what is in one stays until its last recall', async () => {
    await using api = await createTestApi();
    const open = await reserve(api, 'ana', PNG);
    await patch(api, 'ana', open.id, PNG.subarray(0, 9));
    const [unused, sent] = [await attach(api, 'ana', PNG), await attach(api, 'ana', JPEG)];
    const messages = [
      await api.store('ana', 'bob', 'x', { attachments: [sent] }),
      await api.store('ana', 'cat', 'x', { attachments: [sent] }),
    ];
    expect((await keys(api)).sort()).toEqual([unused.id, sent.id].sort());
    await rounds(api, DAY_MS + 1);
    expect(await keys(api)).toEqual([sent.id]);
    expect((await api.deps.attachments.page('', 9)).map(({ id }) => id)).toEqual([sent.id]);
    expect(await stateOf(api, 'ana', open.id)).toBeUndefined();
    await recall(api, messages[0] as never);
    await rounds(api, DAY_MS + 1);
    expect(await keys(api)).toEqual([sent.id]);
    await recall(api, messages[1] as never);
    await rounds(api, DAY_MS / 2);
    expect(await keys(api)).toEqual([sent.id]);
    await rounds(api, DAY_MS);
    expect(await api.deps.attachments.page('', 9)).toEqual([]);
    expect(await api.deps.blobs.get(sent.id)).toBeNull();
  });

  test('what is given up goes within minutes; what a message carries cannot be given up', async () => {
    await using api = await createTestApi();
    const [unused, sent, open] = [
      await attach(api, 'ana', PNG),
      await attach(api, 'ana', PNG),
      await reserve(api, 'ana', PNG),
    ];
    await api.store('ana', 'bob', 'x', { attachments: [sent] });
    const give = (path: string) => api.call('DELETE', `/api/attachments/${path}`, { as: 'ana' });
    expect((await give(unused.id)).statusCode).toBe(204);
    expect((await give(`${open.id}/upload`)).statusCode).toBe(204);
    expect(codeOf(await give(sent.id))).toEqual([409, 'upload_conflict']);
    expect(codeOf(await give(unused.id))).toEqual([404, 'not_found']);
    await rounds(api, 0);
    expect(await keys(api)).toEqual([sent.id]);
    expect(await api.deps.attachments.page('', 9)).toHaveLength(1);
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
