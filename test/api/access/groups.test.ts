import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../fixture.ts';
import { ROUTES } from './routes.ts';

/** What each of these gets, in the order of the headings: a status, or the code of the refusal. */
type Row = readonly [
  operation: string,
  payload: object | null,
  ...answers: Record<'stranger' | 'former' | 'muted' | 'plain' | 'admin' | 'owner', number | string>[],
];

const WHO = { stranger: 'eve', former: 'fred', muted: 'mia', plain: 'carl', admin: 'bob', owner: 'ana' } as const;
type Who = keyof typeof WHO;

const outside = { stranger: 'not_a_member', former: 'not_a_member' };
const all = (status: number) => ({ ...outside, muted: status, plain: status, admin: status, owner: status });
const admins = (status: number) => ({ ...all(status), muted: 'not_allowed', plain: 'not_allowed' });
const owner = (status: number) => ({ ...admins(status), admin: 'not_allowed' });
/** What those who were in it may do too, for their time. */
const readers = (status: number) => ({ ...all(status), former: status });

/** A group whose settings leave to admins what can be left to them; paul is a member, dan waits for approval. */
const TABLE: readonly Row[] = [
  ['get /api/groups/{conversationId}', null, all(200)],
  ['patch /api/groups/{conversationId}', { name: 'Mine' }, admins(200)],
  ['delete /api/groups/{conversationId}', null, owner(204)],
  ['get /api/groups/{conversationId}/members', null, admins(200)],
  ['get /api/groups/{conversationId}/notices', null, readers(200)],
  ['post /api/groups/{conversationId}/members', { users: ['zed'] }, admins(200)],
  ['delete /api/groups/{conversationId}/members/{userId}', null, admins(204)],
  ['put /api/groups/{conversationId}/members/{userId}/role', { role: 'admin' }, owner(204)],
  ['put /api/groups/{conversationId}/members/{userId}/mute', { until: 9e12 }, admins(204)],
  ['post /api/groups/{conversationId}/transfer', { userId: 'paul' }, owner(204)],
  ['post /api/groups/{conversationId}/leave', null, { ...all(204), owner: 'not_allowed' }],
  ['post /api/groups/{conversationId}/links', {}, admins(201)],
  ['get /api/groups/{conversationId}/links', null, admins(200)],
  ['delete /api/groups/{conversationId}/links/{linkId}', null, admins(204)],
  ['get /api/group-links/{linkId}', null, { ...all(200), stranger: 200, former: 200 }],
  ['post /api/group-links/{linkId}/join', null, { ...all(200), stranger: 200, former: 200 }],
  ['get /api/groups/{conversationId}/requests', null, admins(200)],
  ['post /api/groups/{conversationId}/requests/approve', { users: ['dan'] }, admins(200)],
  ['post /api/groups/{conversationId}/requests/decline', { users: ['dan'] }, admins(200)],
  ['get /api/conversations/{conversationId}/messages', null, readers(200)],
  ['get /api/conversations/{conversationId}/messages/{messageId}', null, readers(200)],
  ['get /api/conversations/{conversationId}/messages/{messageId}/readers', null, admins(200)],
  ['get /api/conversations/{conversationId}/messages/{messageId}/reactions', null, all(200)],
  ['patch /api/conversations/{conversationId}/state', { archived: true }, readers(200)],
  ['get /api/messages/search', null, readers(200)],
  ['get /api/messages/{messageId}/trace', null, { ...readers(200), stranger: 'message_not_found' }],
];

/** Routes about groups in which nobody is named who could be refused. */
const OWN = ['post /api/groups', 'get /api/groups'];

const LINK = 'AAAAAAAAAAAAAAAAAAAAAA';
let api: TestApi;
let groups = 0;
beforeAll(async () => {
  const fast = { perSecond: 1e6, burst: 1e6 };
  api = await createTestApi({}, { groupChangesPerUser: fast, statesPerUser: fast });
  for (const userId of ['ana', 'bob', 'zed']) await api.deps.blocks.block(userId, 'mallory', 1);
});
afterAll(() => api[Symbol.asyncDispose]());

async function newGroup() {
  const conversationId = `group${groups++}`;
  const linkId = LINK.slice(0, -String(groups).length) + String(groups);
  const at = api.clock.now();
  const apply = async (by: string, change: string, details: object) => {
    const asked = { change, conversationId, changeId: `${change}-${by}`, by, at, details } as never;
    const { outcome } = await api.deps.groups.apply(asked, api.deps.limits);
    expect(outcome.result, `${change} ${JSON.stringify(outcome)}`).toBe('applied');
  };
  const settings = { add: 'admins', change: 'admins', seeMembers: 'admins', join: 'approval' };
  const members = ['bob', 'carl', 'mia', 'fred', 'paul'];
  await apply('ana', 'create', { name: 'Team', description: '', picture: '', settings, members });
  const { messageId } = await api.post(conversationId, 'carl', 'words for all');
  await apply('ana', 'role', { userId: 'bob', role: 'admin' });
  await apply('ana', 'mute', { userId: 'mia', until: 9e12 });
  await apply('ana', 'remove', { users: ['fred'] });
  await apply('ana', 'link', { linkId, expiresAt: 0, uses: null });
  await apply('dan', 'join', { linkId });
  return { conversationId, linkId, messageId, userId: 'paul' };
}

const cases = TABLE.flatMap(([operation, payload, answers]) =>
  (Object.keys(WHO) as Who[]).map((who) => [operation, who, payload, answers?.[who]] as const),
);

test.each(cases)('C20: %s, %s', async (operation, who, payload, expected) => {
  const group = await newGroup();
  const [method = '', path = ''] = operation.split(' ');
  const url = path.replace(/{(\w+)}/g, (_, name: keyof typeof group) => group[name]);
  const query = path === '/api/messages/search' ? `?q=words&conversationId=${group.conversationId}` : '';
  const before = await stateOf(group.conversationId);
  const answer = await api.call(method.toUpperCase() as 'GET', url + query, {
    as: WHO[who],
    ...(payload === null ? {} : { payload }),
  });
  const told = answer.statusCode < 400 ? answer.statusCode : answer.json().error.code;
  expect(told, answer.payload).toBe(expected);
  if (answer.statusCode < 400) return;
  expect(answer.payload).not.toContain('words for all');
  expect(await stateOf(group.conversationId)).toEqual(before);
});

async function stateOf(conversationId: string) {
  const { groups: store, logs } = api.deps;
  return [
    await store.groups([conversationId]),
    await store.page(conversationId, { limit: 100 }),
    await store.links(conversationId),
    await store.requests(conversationId, { limit: 100 }),
    await logs.page(`~${conversationId}`, 0, 100),
  ];
}

test('C20: every route of groups has its line in the table', () => {
  const named = Object.keys(ROUTES).filter((operation) => /\/api\/group|readers/.test(operation));
  const listed = [...TABLE.map(([operation]) => operation), ...OWN];
  expect(named.filter((operation) => !listed.includes(operation))).toEqual([]);
});

test('whoever is blocked adds nobody who blocks them', async () => {
  const created = await api.call('POST', '/api/groups', {
    as: 'mallory',
    payload: { conversationId: 'mine', name: 'Mine', members: ['ana', 'carl'] },
  });
  expect(created.json()).toMatchObject({ group: { memberCount: 2 }, skipped: [{ userId: 'ana', code: 'blocked' }] });
  const add = await api.call('POST', '/api/groups/mine/members', { as: 'mallory', payload: { users: ['bob', 'zed'] } });
  expect([add.statusCode, add.json().error]).toMatchObject([403, { code: 'blocked', field: 'users' }]);
});
