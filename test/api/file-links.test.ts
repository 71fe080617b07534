import type { AttachedFile, Message } from '@chasqui/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attach, fileUrl } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { GIF, largePng, PNG } from './pictures.ts';

const MINUTE_MS = 60_000;
const bytes = largePng(300_000);
let api: TestApi;
let file: AttachedFile;
let message: Message;
beforeEach(async () => {
  api = await createTestApi();
  file = await attach(api, 'ana', bytes, { name: 'sea.png' });
  message = await api.store('ana', 'bob', 'see', { attachments: [file] });
});
afterEach(() => api[Symbol.asyncDispose]());

const make = (as: string, query = '', url = fileUrl(message, file.id)) =>
  api.call('POST', `${url}/link${query}`, { as });
async function linkOf(as: string, query = ''): Promise<string> {
  const answer = await make(as, query);
  expect(answer.statusCode, answer.payload).toBe(200);
  return answer.json().url;
}
async function refusal(url: string) {
  const answer = await api.call('GET', url);
  return [answer.statusCode, answer.statusCode < 400 ? '' : answer.json().error.code];
}
const ENDED = [404, 'link_invalid'];

test('a link opens the file without a token, in ranges, until it ends', async () => {
  const answer = await make('bob');
  const { url, expiresAt } = answer.json();
  expect(expiresAt - api.clock.now()).toBe(10 * MINUTE_MS);
  const whole = await api.call('GET', url);
  expect([whole.statusCode, whole.rawPayload.equals(bytes)]).toEqual([200, true]);
  expect(whole.headers).toMatchObject({
    'content-type': 'image/png',
    'accept-ranges': 'bytes',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-cache',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const part = await api.call('GET', url, { headers: { range: 'bytes=100-199' } });
  expect([part.statusCode, part.headers['content-range']]).toEqual([206, `bytes 100-199/${bytes.length}`]);
  expect(part.rawPayload.equals(bytes.subarray(100, 200))).toBe(true);
  const etag = String(whole.headers.etag);
  expect((await api.call('GET', url, { headers: { 'if-none-match': etag } })).statusCode).toBe(304);
  expect((await api.call('GET', url, { headers: { range: 'bytes=300000000-' } })).statusCode).toBe(416);
  await api.clock.advance(10 * MINUTE_MS - 1);
  expect((await api.call('GET', url)).statusCode).toBe(200);
  await api.clock.advance(1);
  expect(await refusal(url)).toEqual(ENDED);
});

test('with save, browsers save what they would show', async () => {
  const { headers } = await api.call('GET', await linkOf('bob', '?save=true'));
  expect(String(headers['content-disposition'])).toMatch(/^attachment; filename="sea.png"/);
});

test('C20: who may not see the message gets no link, and a size that is not there has none', async () => {
  const codeOf = async (as: string, query = '', url?: string) => (await make(as, query, url)).json().error;
  expect(await codeOf('cat')).toMatchObject({ code: 'not_a_member' });
  expect(await codeOf('bob', '?size=320')).toMatchObject({ code: 'not_found', field: 'size' });
  expect(await codeOf('bob', '?size=321')).toMatchObject({ code: 'invalid_request', field: 'size' });
  expect(await codeOf('bob', '?save=yes')).toMatchObject({ code: 'invalid_request', field: 'save' });
  const other = await attach(api, 'ana', GIF, { type: 'image/gif' });
  expect(await codeOf('bob', '', fileUrl(message, other.id))).toMatchObject({ code: 'not_found' });
});

describe('C20: what is seen no more is not read by an older link', () => {
  test('after a recall', async () => {
    const url = await linkOf('bob');
    const action = { action: 'recall', revision: 1, by: 'ana', at: api.clock.now() } as const;
    const { conversationId, messageId, audience } = message;
    await api.deps.messages.apply([{ conversationId, messageId, action, node: 'business-1' }]);
    await api.deps.conversations.act([{ ...action, conversationId, messageId, audience }]);
    expect(await refusal(url)).toEqual([404, 'message_not_found']);
  });

  test('after it was hidden by the reader alone: their link ends, that of others does not', async () => {
    const [mine, hers] = [await linkOf('bob'), await linkOf('ana')];
    const { conversationId, messageId } = message;
    const payload = { messageIds: [messageId] };
    await api.call('POST', `/api/conversations/${conversationId}/hidden-messages`, { as: 'bob', payload });
    expect(await refusal(mine)).toEqual([404, 'message_not_found']);
    expect(await refusal(hers)).toEqual([200, '']);
  });

  test('after its maker was removed from the group, but of what was sent before', async () => {
    const payload = { conversationId: 'team', name: 'Team', members: ['bob'] };
    await api.call('POST', '/api/groups', { as: 'ana', payload });
    const before = await api.post('team', 'ana', 'early', undefined, { attachments: [file] });
    const early = (await make('bob', '', fileUrl(before, file.id))).json().url;
    await api.call('DELETE', '/api/groups/team/members/bob', { as: 'ana' });
    const after = await api.post('team', 'ana', 'late', undefined, { attachments: [file] });
    expect(await refusal(early)).toEqual([200, '']);
    expect((await make('bob', '', fileUrl(after, file.id))).json().error.code).toBe('message_not_found');
  });

  test('after its session was ended, or its user disabled', async () => {
    const urls = [await linkOf('bob'), await linkOf('ana')];
    await api.clock.advance(5_000);
    await api.call('DELETE', '/api/devices', { as: 'bob' });
    await api.deps.revocations.disable('ana', api.clock.now());
    await api.clock.advance(5_000);
    expect(await Promise.all(urls.map(refusal))).toEqual([
      [401, 'token_invalid'],
      [401, 'user_disabled'],
    ]);
  });
});

describe('C15: a link that was changed opens nothing', () => {
  test('another file, message or conversation, and each character of what is signed', async () => {
    const other = await attach(api, 'ana', PNG);
    const second = await api.store('ana', 'bob', 'two', { attachments: [other, file] });
    const url = await linkOf('bob');
    const [place = '', grant = ''] = url.split('/link?grant=');
    const moved = [fileUrl(second, file.id), fileUrl(message, other.id), place.replace('ana~bob', 'ana~cat')];
    for (const each of moved) expect(await refusal(`${each}/link?grant=${grant}`), each).toEqual(ENDED);
    for (let at = 0; at < grant.length - 1; at += 3) {
      if (grant[at] === '.') continue;
      const changed = `${grant.slice(0, at)}${grant[at] === 'A' ? 'B' : 'A'}${grant.slice(at + 1)}`;
      expect(await refusal(`${place}/link?grant=${changed}`), changed).toEqual(ENDED);
    }
  });

  test.each([
    ['nothing', '', 400],
    ['no grant', '?x=1', 400],
    ['two grants', '?grant=a.b&grant=c.d', 400],
    ['a grant of a megabyte', `?grant=${'a'.repeat(1_000_000)}.b`, 400],
    ['another form', '?grant=%7B%22__proto__%22%3A1%7D', 400],
    ['no signature', '?grant=W10.', 400],
    ['an empty one', '?grant=W10.AA', 404],
    ['a grant of another secret', `?grant=W10.${'A'.repeat(43)}`, 404],
    ['a further parameter', '?grant=a.b&size=320', 400],
  ])('%s', async (_, query, status) => {
    const answer = await api.call('GET', `${fileUrl(message, file.id)}/link${query}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.code).toBe(status === 404 ? 'link_invalid' : 'invalid_request');
  });

  test('a link of an installation is none of another', async () => {
    await using other = await createTestApi({ codeSecret: 'another secret of another installation' });
    const url = await linkOf('bob');
    expect((await other.call('GET', url)).json().error.code).toBe('link_invalid');
  });
});

test('C16: downloads by links count as those of the user who made them', async () => {
  await using small = await createTestApi({}, { maxDownloadsPerUser: 0 });
  const own = await attach(small, 'ana', PNG);
  const url = fileUrl(await small.store('ana', 'bob', 'x', { attachments: [own] }), own.id);
  const link = (await small.call('POST', `${url}/link`, { as: 'bob' })).json().url;
  expect((await small.call('GET', link)).json().error.code).toBe('too_fast');
});

test('a hundred links at once are each their own, and all of them open the file', async () => {
  const urls = await Promise.all(Array.from({ length: 100 }, (_, n) => linkOf(n % 2 === 0 ? 'ana' : 'bob')));
  const range = { range: 'bytes=0-9' };
  const answers = await Promise.all(urls.map((url) => api.call('GET', url, { headers: range })));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([206]));
});
