import { squareKey } from '@chasqui/domain';
import { afterAll, describe, expect, test } from 'vitest';
import { attach, complete, patch, reserve, sha256 } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { GIF, JPEG, largePng, PNG, WEBP } from './pictures.ts';
import { blobsOf, pictureDecoder, rounds, seen, setAvatar, uploadPicture } from './profile-pictures.ts';

const decoder = await pictureDecoder();
const { mediaFiles } = decoder;
afterAll(() => decoder[Symbol.asyncDispose]());
const open = (settings = {}) => createTestApi({ mediaFiles }, settings);
const codeOf = (answer: { statusCode: number; json(): { error?: { code: string; field?: string } } }) => {
  const { code, field } = answer.json().error ?? {};
  return [answer.statusCode, code, field];
};
const team = { conversationId: 'team', name: 'Team', members: ['bob'] };

describe('a picture of a user', () => {
  test('is uploaded as a file, set in the profile, and a square for whoever knows its address', async () => {
    await using api = await open();
    const file = await uploadPicture(api, 'ana', largePng(60_000));
    const { pictureUrl, id } = file;
    expect(pictureUrl).toMatch(/^\/api\/pictures\/[0-9a-f]{32}$/);
    expect(pictureUrl).not.toContain(id);
    // Nobody sees it before somebody shows it.
    expect(await seen(api, pictureUrl)).toBe('not_found');
    expect((await setAvatar(api, 'ana', pictureUrl)).json().avatar).toBe(pictureUrl);
    for (const url of ['/api/users/ana', '/api/users?q=ana']) {
      expect((await api.call('GET', url, { as: 'bob' })).payload).toContain(pictureUrl);
    }
    const large = await api.call('GET', pictureUrl);
    expect(large.headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': expect.stringContaining('inline'),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect([large.rawPayload.length, sha256(large.rawPayload)]).toEqual([file.size, file.sha256]);
    const small = await api.call('GET', `${pictureUrl}?size=128`);
    expect(small.rawPayload.toString('latin1', 8, 12)).toBe('WEBP');
    expect(small.headers.etag).not.toBe(large.headers.etag);
    const again = await api.call('GET', pictureUrl, { headers: { 'if-none-match': String(large.headers.etag) } });
    expect([again.statusCode, again.headers['cache-control']]).toEqual([304, 'public, max-age=31536000, immutable']);
    expect(codeOf(await api.call('GET', `${pictureUrl}?size=320`))).toEqual([400, 'invalid_request', 'size']);
    // Of what was uploaded nothing is kept.
    expect((await blobsOf(api, id)).sort()).toEqual([squareKey(id, 128), squareKey(id, 512)]);
    expect(await api.deps.blobs.uploads?.size(id)).toBe(0);
  });

  test('is another one after a change: the address of the former answers nothing, and its bytes are gone within minutes', async () => {
    await using api = await open();
    const [first, second] = [await uploadPicture(api, 'ana', PNG), await uploadPicture(api, 'ana', JPEG)];
    await setAvatar(api, 'ana', first.pictureUrl);
    await setAvatar(api, 'ana', second.pictureUrl);
    expect([await seen(api, first.pictureUrl), await seen(api, second.pictureUrl)]).toEqual(['not_found', 200]);
    const { etag } = (await api.call('GET', second.pictureUrl)).headers;
    await rounds(api);
    expect([await blobsOf(api, first.id), (await blobsOf(api, second.id)).length]).toEqual([[], 2]);
    expect(codeOf(await setAvatar(api, 'ana', first.pictureUrl))).toEqual([422, 'attachment_invalid', 'avatar']);
    await setAvatar(api, 'ana', 'https://example.org/ana.png');
    const answer = await api.call('GET', second.pictureUrl, { headers: { 'if-none-match': String(etag) } });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([404, 'no-store']);
    await rounds(api);
    expect(await api.deps.attachments.page('', 9)).toEqual([]);
  });

  test('other fields of a profile change with the picture as it is; one that is never set goes after a day', async () => {
    await using api = await open();
    const [set, unset] = [await uploadPicture(api, 'ana', PNG), await uploadPicture(api, 'ana', PNG)];
    await setAvatar(api, 'ana', set.pictureUrl);
    await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { displayName: 'Ana', avatar: set.pictureUrl } });
    await api.clock.advance(24 * 3600 * 1000 + 1);
    await rounds(api);
    expect((await api.deps.attachments.page('', 9)).map(({ id }) => id)).toEqual([set.id]);
    expect([await seen(api, set.pictureUrl), await seen(api, unset.pictureUrl)]).toEqual([200, 'not_found']);
    const given = await api.call('DELETE', `/api/attachments/${set.id}`, { as: 'ana' });
    expect(codeOf(given)).toEqual([409, 'upload_conflict', 'attachmentId']);
  });

  test('C20: nobody sets the picture of somebody else, an absent one, one that is not ready, or a file of messages', async () => {
    await using api = await open();
    const theirs = await uploadPicture(api, 'bob', PNG);
    const { pictureUrl: unready } = (await reserve(api, 'ana', PNG, { purpose: 'profile_picture' })) as unknown as {
      pictureUrl: string;
    };
    const file = await attach(api, 'ana', PNG);
    const urls = [theirs.pictureUrl, unready, `/api/pictures/${file.id}`, `/api/pictures/${'0'.repeat(32)}`];
    for (const url of urls) {
      expect(codeOf(await setAvatar(api, 'ana', url))).toEqual([422, 'attachment_invalid', 'avatar']);
      expect(await seen(api, url)).toBe('not_found');
    }
    // Not when the other shows it either.
    await setAvatar(api, 'bob', theirs.pictureUrl);
    expect((await setAvatar(api, 'ana', theirs.pictureUrl)).statusCode).toBe(422);
    for (const url of [
      `${theirs.pictureUrl}/`,
      `${theirs.pictureUrl}?size=128`,
      '/api/pictures/',
      '/x.png',
      'data:,x',
    ]) {
      expect(codeOf(await setAvatar(api, 'ana', url))).toEqual([400, 'invalid_request', 'avatar']);
    }
  });

  test.each([
    ['PNG', PNG, null],
    ['JPEG', JPEG, null],
    ['GIF', GIF, null],
    ['WebP', WEBP, null],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'not_a_picture'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'not_a_picture'],
    ['a video', Buffer.from('\0\0\0\x20ftypisom'), 'not_a_picture'],
    ['HEIC', Buffer.from('\0\0\0\x20ftypheic'), 'not_a_picture'],
    ['a truncated PNG', PNG.subarray(0, 50), 'not_a_picture'],
    ['a GIF that is a script', Buffer.from('GIF89a/*<svg onload=alert(1)>*/=1;alert(1)'), 'not_a_picture'],
  ])('C15: %s: what cannot be decoded is refused, and nothing of it is kept', async (_, bytes, reason) => {
    await using api = await open();
    const { id } = await reserve(api, 'ana', bytes, { purpose: 'profile_picture' });
    await patch(api, 'ana', id, bytes);
    const answer = (await complete(api, 'ana', id)).json();
    expect([answer.state, answer.reason ?? null]).toEqual([reason === null ? 'ready' : 'refused', reason]);
    if (reason !== null) expect(await blobsOf(api, id)).toEqual([]);
  });

  test('of a picture with something else behind or in it, nothing but its pixels is given out', async () => {
    await using api = await open();
    const gps = Buffer.from('\xff\xe1\0\x1aExif\0\0MM\0*47.3769 8.5417', 'latin1');
    const script = Buffer.from('PK\x03\x04<script>alert(1)</script>');
    const { pictureUrl } = await uploadPicture(
      ...([api, 'ana', Buffer.concat([JPEG.subarray(0, 2), gps, JPEG.subarray(2), script])] as const),
    );
    await setAvatar(api, 'ana', pictureUrl);
    for (const size of [128, 512]) {
      const text = (await api.call('GET', `${pictureUrl}?size=${size}`)).rawPayload.toString('latin1');
      for (const trace of ['47.37', 'Exif', 'PK', 'script']) expect(text).not.toContain(trace);
    }
  });

  test('C16: it has at most 5 MiB, and is no file of a message', async () => {
    await using api = await open();
    const payload = { name: 'a.png', type: 'image/png', size: 5 * 1024 * 1024 + 1, sha256: '0'.repeat(64) };
    const announce = (fields: object) =>
      api.call('POST', '/api/attachments', { as: 'ana', payload: { ...payload, ...fields } });
    expect(codeOf(await announce({ purpose: 'profile_picture' }))).toEqual([413, 'content_too_large', 'size']);
    expect((await announce({})).statusCode).toBe(201);
    expect(codeOf(await announce({ purpose: 'other' }))).toEqual([400, 'invalid_request', 'purpose']);
  });

  test('where nothing decodes pictures, the announcement is refused, and addresses elsewhere can be set as before', async () => {
    await using api = await createTestApi();
    const payload = { name: 'a.png', type: 'image/png', size: 9, sha256: '0'.repeat(64), purpose: 'profile_picture' };
    const answer = await api.call('POST', '/api/attachments', { as: 'ana', payload });
    expect(codeOf(answer)).toEqual([403, 'forbidden', 'purpose']);
    expect((await setAvatar(api, 'ana', 'https://example.org/ana.png')).statusCode).toBe(200);
  });
});

describe('a picture of a group', () => {
  const change = (api: TestApi, as: string, picture: string) =>
    api.call('PATCH', '/api/groups/team', { as, payload: { picture } });

  test('is set by those who may change the group, each their own upload, until the group is dissolved', async () => {
    await using api = await open();
    const [anas, bobs, eves] = [
      await uploadPicture(api, 'ana', PNG),
      await uploadPicture(api, 'bob', PNG),
      await uploadPicture(api, 'eve', PNG),
    ];
    const created = await api.call('POST', '/api/groups', {
      ...{ as: 'ana', payload: { ...team, picture: anas.pictureUrl, settings: { change: 'admins' } } },
    });
    expect(created.json().group.picture).toBe(anas.pictureUrl);
    expect(await seen(api, anas.pictureUrl)).toBe(200);
    expect(codeOf(await change(api, 'bob', bobs.pictureUrl)).slice(0, 2)).toEqual([403, 'not_allowed']);
    expect(codeOf(await change(api, 'eve', eves.pictureUrl)).slice(0, 2)).toEqual([403, 'not_a_member']);
    expect(codeOf(await change(api, 'ana', bobs.pictureUrl))).toEqual([422, 'attachment_invalid', 'picture']);
    expect([await seen(api, bobs.pictureUrl), await seen(api, anas.pictureUrl)]).toEqual(['not_found', 200]);
    await api.call('PUT', '/api/groups/team/members/bob/role', { as: 'ana', payload: { role: 'admin' } });
    // What the group shows already is no change.
    expect((await change(api, 'bob', anas.pictureUrl)).statusCode).toBe(200);
    expect((await change(api, 'bob', bobs.pictureUrl)).json().picture).toBe(bobs.pictureUrl);
    expect([await seen(api, bobs.pictureUrl), await seen(api, anas.pictureUrl)]).toEqual([200, 'not_found']);
    expect((await change(api, 'ana', 'team.png')).json().picture).toBe('team.png');
    const last = await uploadPicture(api, 'ana', JPEG);
    await change(api, 'ana', last.pictureUrl);
    await api.call('DELETE', '/api/groups/team', { as: 'ana' });
    expect((await api.call('GET', '/api/groups/team', { as: 'bob' })).json().picture).toBe('');
    expect(await seen(api, last.pictureUrl)).toBe('not_found');
    await rounds(api);
    expect((await api.deps.attachments.page('', 9)).map(({ id }) => id)).toEqual([eves.id]);
  });

  test('an admin of the installation takes it away, and sets none of this server', async () => {
    await using api = await createTestApi({ mediaFiles }, { admins: ['ops'] });
    const { pictureUrl } = await uploadPicture(api, 'ana', PNG);
    await api.call('POST', '/api/groups', { as: 'ana', payload: { ...team, picture: pictureUrl } });
    const moderate = (picture: string) =>
      api.call('PATCH', '/api/admin/groups/team', { as: 'ops', payload: { picture } });
    const other = await uploadPicture(api, 'ops', PNG);
    expect(codeOf(await moderate(other.pictureUrl))).toEqual([422, 'attachment_invalid', 'picture']);
    expect((await moderate('')).statusCode).toBe(200);
    expect(await seen(api, pictureUrl)).toBe('not_found');
  });
});
