import { describe, expect, test } from 'vitest';
import { attach, fileUrl, recall } from './attach.ts';
import { createTestApi } from './fixture.ts';
import { JPEG, PNG } from './pictures.ts';

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
