import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { attach, fileUrl, sha256 } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { message, OLD, oldestFirst, sendImport, textOf } from './import-calls.ts';
import { upload as uploadPicture } from './moments-people.ts';
import { GIF, JPEG, PNG } from './pictures.ts';

const idOf = (n: number) => n.toString(16).padStart(32, '0');
let api: TestApi;
let key: string;
beforeEach(async () => {
  api = await createTestApi();
  key = await makeKey(api);
});
afterEach(() => api[Symbol.asyncDispose]());

const callAs = (owner: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, more: object = {}) => {
  const { headers = {}, ...rest } = more as { headers?: object };
  const { headers: own } = withKey(key);
  const url = `/api/server/attachments${path}`;
  return api.call(method, url, { ...rest, headers: { ...own, ...headers, 'chasqui-actor': owner } });
};
const announce = (owner: string, id: string, bytes: Buffer, fields: object = {}) =>
  callAs(owner, 'POST', '', {
    payload: { id, name: 'old.png', type: 'image/png', size: bytes.length, sha256: sha256(bytes), ...fields },
  });
const send = (owner: string, id: string, bytes: Buffer) =>
  callAs(owner, 'PATCH', `/${id}/upload`, {
    payload: bytes,
    headers: { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  });
async function upload(owner: string, id: string, bytes: Buffer = PNG): Promise<void> {
  expect((await announce(owner, id, bytes)).statusCode).toBe(201);
  expect((await send(owner, id, bytes)).statusCode).toBe(204);
  expect((await callAs(owner, 'POST', `/${id}/complete`)).json()).toMatchObject({ state: 'ready' });
}
const fileLine = (id: string, owner: string) => ({ type: 'file', id, owner, path: 'photos/old.png' });
const withFile = (id: string, fields: object = {}) =>
  message('ana', 'bob', OLD, { content: { text: 'sea', attachments: [{ id }] }, ...fields });
const put = (...lines: object[]) => sendImport(api, key, textOf(lines));

describe('an import with files', () => {
  test('carries files that a key has uploaded before, with all that the server knows of them; a repeat doubles nothing', async () => {
    await upload('ana', idOf(1));
    const lines = [fileLine(idOf(1), 'ana'), withFile(idOf(1))];
    expect(await put(...lines)).toMatchObject({ imported: 1, repeated: 1, errors: [] });
    expect(await put(...lines)).toMatchObject({ imported: 0, repeated: 2, errors: [] });
    const [stored] = await oldestFirst(api, 'ana~bob');
    const about = { id: idOf(1), name: 'old.png', size: PNG.length, type: 'image/png' };
    expect(stored?.content).toMatchObject({ text: 'sea', attachments: [about] });
    const read = await api.call('GET', fileUrl(stored ?? expect.fail(), idOf(1)), { as: 'bob' });
    expect(read.rawPayload.equals(PNG)).toBe(true);
    // A reference keeps it.
    await api.clock.advance(3 * 24 * 3600 * 1000);
    expect((await callAs('ana', 'GET', `/${idOf(1)}`)).json()).toMatchObject({ state: 'ready' });
  });

  test('announced again, a file is what it has become, and its upload goes on', async () => {
    await announce('ana', idOf(1), PNG);
    const again = (await announce('ana', idOf(1), PNG)).json();
    expect([again.state, again.upload.url]).toEqual(['uploading', `/api/server/attachments/${idOf(1)}/upload`]);
    await upload('ana', idOf(1));
    expect((await announce('ana', idOf(1), PNG)).json()).toMatchObject({ state: 'ready' });
  });

  test('a forward of somebody else has the same file', async () => {
    await upload('ana', idOf(1));
    const forwarded = { from: 'ana', at: OLD };
    const content = { attachments: [{ id: idOf(1) }] };
    const lines = [withFile(idOf(1)), message('bob', 'cat', OLD + 1, { content, forwarded })];
    expect(await put(...lines)).toMatchObject({ imported: 2, errors: [] });
    const [stored] = await oldestFirst(api, 'bob~cat');
    const read = await api.call('GET', fileUrl(stored ?? expect.fail(), idOf(1)), { as: 'cat' });
    expect(read.statusCode).toBe(200);
  });

  test('an export lists files with owner, sums and where they are; another server imports both', async () => {
    await using other = await createTestApi();
    const file = await attach(api, 'ana', PNG, { name: 'sea.png' });
    await api.store('ana', 'bob', 'see', { attachments: [file] });
    const { payload } = await api.call('GET', '/api/server/users/ana/export', withKey(key));
    const lines = payload
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const [told] = lines.filter(({ type }) => type === 'file');
    expect(told).toMatchObject({ id: file.id, owner: 'ana', name: 'sea.png', sha256: sha256(PNG), size: PNG.length });
    const bytes = (await api.call('GET', told.url, withKey(key))).rawPayload;
    expect(bytes.equals(PNG)).toBe(true);
    const first = api;
    api = other;
    key = await makeKey(other);
    await upload('ana', file.id, bytes);
    expect(await sendImport(other, key, payload)).toMatchObject({ errors: [] });
    const [stored] = await oldestFirst(other, 'ana~bob');
    expect(stored?.content.attachments).toMatchObject([{ id: file.id, name: 'old.png' }]);
    api = first;
  });

  test('what a user has deleted for themself is in their export alone, and imported', async () => {
    const sent = await api.store('ana', 'bob', 'gone for me');
    const { conversationId, messageId } = sent;
    const payload = { messageIds: [messageId] };
    await api.call('POST', `/api/conversations/${conversationId}/hidden-messages`, { as: 'bob', payload });
    const hidesOf = async (user: string) => {
      const answer = await api.call('GET', `/api/server/users/${user}/export`, withKey(key));
      const lines = answer.payload
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return { text: answer.payload, hides: lines.filter(({ type }) => type === 'hide') };
    };
    const { text, hides } = await hidesOf('bob');
    expect(hides).toEqual([{ type: 'hide', conversationId: 'ana~bob', userId: 'bob', messageIds: [messageId] }]);
    expect((await hidesOf('ana')).hides).toEqual([]);
    await using other = await createTestApi();
    const its = await makeKey(other);
    expect(await sendImport(other, its, text)).toMatchObject({ imported: 2, errors: [] });
    expect(await sendImport(other, its, text)).toMatchObject({ imported: 0, repeated: 2, errors: [] });
    const seen = async (as: string) =>
      (await other.call('GET', '/api/conversations/ana~bob/messages', { as })).json().messages.length;
    expect([await seen('ana'), await seen('bob')]).toEqual([1, 0]);
  });
});

describe('C15: what is wrong with files of an import', () => {
  const wrong = async (...lines: object[]) =>
    (await put(...lines)).errors.map(({ line, code, field }) => [line, code, field]);

  test('a file that is absent, of somebody else, not complete, or refused, by its line and field', async () => {
    await upload('eve', idOf(2));
    await announce('ana', idOf(3), PNG);
    await announce('ana', idOf(4), PNG, { sha256: sha256(JPEG) });
    await send('ana', idOf(4), PNG);
    expect((await callAs('ana', 'POST', `/${idOf(4)}/complete`)).json()).toMatchObject({ state: 'refused' });
    const ids = [idOf(1), idOf(2), idOf(3), idOf(4)];
    const told = ids.map((id) => fileLine(id, 'ana'));
    expect(await wrong(...told)).toEqual(ids.map((_, at) => [at + 1, 'attachment_invalid', 'id']));
    const sent = ids.map((id) => withFile(id));
    expect(await wrong(...sent)).toEqual(ids.map((_, at) => [at + 1, 'attachment_invalid', 'content.attachments.0']));
    expect(await oldestFirst(api, 'ana~bob')).toEqual([]);
  });

  test.each([
    [{ ...fileLine(idOf(1), 'ana'), id: '__proto__' }, 'id'],
    [{ ...fileLine(idOf(1), 'ana'), id: 'A'.repeat(32) }, 'id'],
    [{ ...fileLine(idOf(1), 'ana'), sha256: 'x' }, 'sha256'],
    [{ ...fileLine(idOf(1), 'ana'), size: 0 }, 'size'],
    [{ ...fileLine(idOf(1), 'ana'), name: '../x' }, 'name'],
    [{ ...fileLine(idOf(1), 'ana'), path: 'x'.repeat(1_001) }, 'path'],
    [{ ...fileLine(idOf(1), 'ana'), constructor: 1 }, 'constructor'],
    [{ type: 'hide', conversationId: 'ana~bob', userId: 'eve', messageIds: ['0'.repeat(24)] }, 'userId'],
    [{ type: 'hide', conversationId: 'ana~bob', userId: 'ana', messageIds: ['0'.repeat(24)] }, 'messageIds.0'],
    [{ type: 'hide', conversationId: 'ana~bob', userId: 'ana', messageIds: [] }, 'messageIds'],
    [{ type: 'hide', conversationId: '__proto__', userId: 'ana', messageIds: ['0'.repeat(24)] }, 'messageIds.0'],
    [withFile('__proto__'), 'content.attachments.0.id'],
    [message('ana', 'bob', OLD, { content: { attachments: Array(11).fill({ id: idOf(1) }) } }), 'content.attachments'],
  ])('a line that says what cannot be: %j', async (line, field) => {
    expect((await wrong(line)).map(([at, , where]) => [at, where])).toEqual([[1, field]]);
  });

  test('an id is one file: others, and other owners, cannot have it, also side by side', async () => {
    await upload('ana', idOf(1));
    expect((await announce('eve', idOf(1), PNG)).json().error).toMatchObject({ code: 'upload_conflict', field: 'id' });
    const owners = ['ana', 'bob', 'cat', 'dan'];
    const answers = await Promise.all(owners.map((owner) => announce(owner, idOf(9), GIF)));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(3);
    await announce('ana', idOf(5), PNG);
    expect((await announce('ana', idOf(5), GIF)).statusCode).toBe(409);
    expect((await callAs('eve', 'GET', `/${idOf(1)}`)).statusCode).toBe(404);
  });

  test('the id of a picture of a moment is taken: its bytes are not replaced or removed', async () => {
    const { pictureId } = (await uploadPicture(api, 'ana', PNG)).json();
    const announced = (await announce('bob', pictureId, GIF)).json().error;
    expect(announced).toMatchObject({ code: 'upload_conflict', field: 'id' });
    expect((await callAs('bob', 'POST', `/${pictureId}/complete`)).statusCode).toBe(404);
    expect(await api.deps.blobs.get(pictureId)).not.toBeNull();
  });

  test('nothing is uploaded as a user who was erased; as one who is disabled it is', async () => {
    await api.call('PUT', '/api/server/users/bob/disabled', withKey(key));
    await upload('bob', idOf(1));
    await announce('ana', idOf(2), PNG);
    await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { displayName: 'Ana' } });
    const payload = { messages: 'keep' };
    const asked = await api.call('PUT', '/api/server/users/ana/erasure', { ...withKey(key), payload });
    expect(asked.statusCode).toBe(202);
    const refused = { code: 'user_erased', field: 'chasqui-actor' };
    expect((await announce('ana', idOf(3), PNG)).json().error).toMatchObject(refused);
    expect((await send('ana', idOf(2), PNG)).json().error).toMatchObject(refused);
    expect((await callAs('ana', 'POST', `/${idOf(2)}/complete`)).json().error).toMatchObject(refused);
  });

  test('users choose no ids, and nothing is uploaded by a key without the scope', async () => {
    const payload = { id: idOf(1), name: 'x', size: 1, type: 'a/b', sha256: '0'.repeat(64) };
    const own = await api.call('POST', '/api/attachments', { as: 'ana', payload });
    expect(own.json().error).toMatchObject({ code: 'invalid_request', field: 'id' });
    key = await makeKey(api, { scopes: ['imports:write', 'files:read'] });
    const refused = (await announce('ana', idOf(1), PNG)).json().error;
    expect(refused).toMatchObject({ code: 'scope_missing', field: 'files:write' });
  });

  test('each announcement is in the audit log, the pieces are not', async () => {
    await upload('ana', idOf(1));
    const entries = await api.deps.auditLog.page({ limit: 20 });
    const told = entries
      .filter(({ action }) => action === 'upload_file')
      .map(({ outcome, detail }) => [outcome, detail]);
    expect(told).toEqual([
      ['done', expect.anything()],
      ['begun', 'POST /api/server/attachments as ana'],
    ]);
  });
});
