import { attachments, pictures } from '@chasqui/client/attachments';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { largePng, PNG } from '../api/pictures.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { openDevice, until } from './devices.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

const filesOf = async (user: string) => {
  const token = await cluster.token(user);
  const place = { nodesUrl: `${cluster.running.url}/api/nodes`, token };
  return pictures({ ...place, files: attachments(place) });
};
async function call(user: string, method: string, path: string, body?: object): Promise<unknown> {
  const authorization = `Bearer ${await cluster.token(user)}`;
  const sent = body && { body: JSON.stringify(body), headers: { authorization, 'content-type': 'application/json' } };
  const answer = await fetch(`${cluster.running.url}${path}`, { method, headers: { authorization }, ...sent });
  return answer.status === 204 ? null : await answer.json();
}
const status = async (url: string | null) => (url === null ? 0 : (await fetch(url)).status);
const blobOf = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)], { type: 'image/png' });

it('a user sets a picture, others find its address, and it ends with the next one', async () => {
  const files = await filesOf('ann');
  const states: string[] = [];
  const first = await files.setAvatar(blobOf(largePng(200_000)), { onProgress: ({ state }) => states.push(state) });
  expect([states[0], states.at(-1)]).toEqual(['reading', 'ready']);
  expect(first).toMatch(/^\/api\/pictures\/[0-9a-f]{32}$/);
  expect(await call('bob', 'GET', '/api/users?ids=ann,bob')).toMatchObject({
    users: [{ userId: 'ann', avatar: first }],
  });
  const small = files.pictureUrl(first, 128);
  expect(small).toBe(`${cluster.running.url}${first}?size=128`);
  const picture = await fetch(String(small));
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const second = await files.setAvatar(blobOf(PNG));
  expect([await status(small), await status(files.pictureUrl(second))]).toEqual([404, 200]);
  await expect(files.setAvatar(new Blob(['<svg/>'], { type: 'image/svg+xml' }))).rejects.toMatchObject({
    code: 'attachment_invalid',
  });
  expect(await files.setAvatar(null)).toBe('');
  expect(await status(files.pictureUrl(second))).toBe(404);
  expect([files.pictureUrl(''), files.pictureUrl('🥾'), files.pictureUrl('https://example.org/a')]).toEqual([
    ...[null, null, 'https://example.org/a'],
  ]);
});

it('a group has a picture from a member who may change it, which the others learn live, until it is dissolved', async () => {
  using bob = await openDevice(cluster, { user: 'bob', node: 2 });
  const heads = new Map<string, string>();
  bob.client.on('group', ({ conversationId, head }) => head && heads.set(conversationId, head.picture));
  await call('ann', 'POST', '/api/groups', { conversationId: 'team', name: 'Team', members: ['bob'] });
  const files = await filesOf('ann');
  const picture = await files.setGroupPicture('team', blobOf(PNG));
  await until(() => heads.get('team') === picture, 'the group has the picture on the other device');
  expect(await status(files.pictureUrl(picture))).toBe(200);
  await expect((await filesOf('eve')).setGroupPicture('team', blobOf(PNG))).rejects.toMatchObject({
    code: 'not_a_member',
  });
  await call('ann', 'DELETE', '/api/groups/team');
  expect(await status(files.pictureUrl(picture))).toBe(404);
  expect(await call('bob', 'GET', '/api/groups/team')).toMatchObject({ picture: '' });
});
