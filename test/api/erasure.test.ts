import { Business } from '@chasqui/app-business/core';
import { DataSync } from '@chasqui/app-datasync/core';
import { decodeEvents } from '@chasqui/core';
import { type GroupChange, SERVER_EVENT_TOPIC, type ServerEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { silentMetrics } from '../simulation/silent-metrics.ts';
import { makeKey, withKey } from './access/api-keys.ts';
import { createWorld, SECRETS } from './access/world.ts';
import { createDyingApi } from './dying-api.ts';
import type { ApiParts, TestApi } from './fixture.ts';

const OLD_WORDS = { content: { text: 'private words of old' } };

/** What handles events beside the processes that die. */
function startConsumers({
  clock,
  random,
  limits,
  tracing,
  peers,
  metrics: _,
  logger,
  ...deps
}: ApiParts): AsyncDisposableStack {
  const runtime = { nodeId: 'consumer-1', clock, random, limits, tracing, logger };
  const tallies = { event() {}, stored() {}, duplicate() {}, receipt() {}, dropped() {} };
  const stack = new AsyncDisposableStack();
  const business = { ...runtime, metrics: tallies };
  stack.use(new Business({ runtime: business, engines: deps, peers, inboxRetentionMs: 1e12 }));
  stack.use(new DataSync({ runtime: { ...runtime, metrics: silentMetrics }, engines: deps }));
  return stack;
}

/** A group that ana owned until she dissolved it, and that is in none of her lists. Returns her message. */
async function leaveDissolved({ deps: { groups, limits }, post }: TestApi) {
  const creation = { name: 'Past', description: '', picture: '', settings: {}, members: ['bob'] };
  const ask = { conversationId: 'past', by: 'ana', at: 4 } as const;
  await groups.apply({ ...ask, change: 'create', changeId: 'past-1', details: creation }, limits);
  const message = await post('past', 'ana', 'private words in the past');
  await groups.apply({ ...ask, change: 'dissolve', changeId: 'past-2', details: {} }, limits);
  await groups.apply({ ...ask, change: 'leave', changeId: 'past-3', details: {} }, limits);
  return message;
}

/** Groups of before this server was: in the club ana wrote, though she is a member of none here. Returns her message. */
async function importGroups(api: TestApi) {
  const lines = [
    { type: 'group', conversationId: 'club', owner: 'bob', name: 'Club', createdAt: 1 },
    { type: 'group', conversationId: 'guild', owner: 'bob', name: 'Guild', createdAt: 1 },
    { ...{ type: 'message', conversationId: 'club', from: 'ana', clientMessageId: 'old-1', sentAt: 2 }, ...OLD_WORDS },
  ];
  const { headers } = withKey(await makeKey(api));
  const payload = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const call = { payload, headers: { ...headers, 'content-type': 'application/x-ndjson' } };
  expect((await api.call('POST', '/api/server/imports', call)).json()).toMatchObject({ imported: 3, errors: [] });
  const [message] = await api.deps.messages.page('club', { limit: 1 });
  return message ?? expect.fail('nothing was imported');
}

/**
 * Ana waits to be let into the lodge. At the end of her erasure bob adds her to the guild, and she asks for the lodge
 * again, by changes that were asked for before it.
 */
async function changeLate({ logs, groups, limits }: ApiParts): Promise<void> {
  const link = { linkId: 'a link to the lodge', expiresAt: 0, uses: null };
  const change = (changed: Pick<GroupChange, 'change' | 'details' | 'by'>, conversationId: string) =>
    groups.apply(
      { ...changed, conversationId, changeId: `${conversationId} ${changed.change}`, at: 3 } as GroupChange,
      limits,
    );
  const profile = { name: 'Lodge', description: '', picture: '', members: [], settings: { join: 'approval' as const } };
  await change({ change: 'create', details: profile, by: 'bob' }, 'lodge');
  await change({ change: 'link', details: link, by: 'bob' }, 'lodge');
  await change({ change: 'join', details: { linkId: link.linkId }, by: 'ana' }, 'lodge');
  expect(await groups.requests('lodge', { limit: 9 })).toMatchObject([{ userId: 'ana' }]);
  const clear = logs.clear.bind(logs);
  logs.clear = async (...args) => {
    await change({ change: 'add', details: { users: ['ana'] }, by: 'bob' }, 'guild');
    await groups.apply(
      { change: 'join', details: { linkId: link.linkId }, by: 'ana', conversationId: 'lodge', changeId: 'late', at: 4 },
      limits,
    );
    return clear(...args);
  };
}

/** Ana and bob react to a message. */
async function reactBoth({ deps: { reactions, limits } }: TestApi, message: Awaited<ReturnType<TestApi['store']>>) {
  const { conversationId, messageId, audience } = message;
  const wanted = ['ana', 'bob'].map((by) => ({ by, emoji: '👍', on: true, actionId: by, at: 5 }));
  await reactions.react({ conversationId, messageId, audience, messageRevision: 0, wanted, limits });
}

test('C3, C10: an erasure that is killed again and again ends, and what others have stays', {
  timeout: 40_000,
}, async () => {
  await using world = await createWorld();
  const { api } = world;
  const { deps, clock } = api;
  const own = await api.store('ana', 'bob', 'private words again');
  const answer = await api.store('bob', 'ana', 'words of bob');
  await reactBoth(api, answer);
  const inTeam = await api.post('team', 'ana', 'private words to all');
  const inClub = await importGroups(api);
  const inPast = await leaveDissolved(api);
  await changeLate(deps);
  const bobs = (await api.call('POST', '/api/moments', { as: 'bob', payload: { text: 'a moment of bob' } })).json();
  await api.call('PUT', `/api/moments/${bobs.momentId}/like`, { as: 'ana' });
  const comment = { payload: { text: 'a private comment of ana' } };
  await api.call('POST', `/api/moments/${bobs.momentId}/comments`, { as: 'ana', ...comment });
  const before = await deps.logs.page('bob', 0, 100);
  const unread = await deps.conversations.unread('bob');
  // Its consumer is none of Business.
  await api[Symbol.asyncDispose]();
  await deps.erasures.begin({ userId: 'ana', erasesMessages: true, askedBy: 'key:1', requestedAt: clock.now() });

  await using consumers = startConsumers(deps);
  const told: string[] = [];
  consumers.use(
    deps.bus.consume({
      topic: SERVER_EVENT_TOPIC,
      group: 'test',
      handle: async (batch) => {
        told.push(...batch.flatMap(({ body }) => (decodeEvents(body) as ServerEvent[]).map(({ id }) => id)));
      },
    }),
  );
  const erasure = async () => (await deps.erasures.get(['ana']))[0];
  let kills = 0;
  for (let calls = 3; (await erasure())?.doneAt === 0; calls += 3, kills++) {
    const dying = await createDyingApi(api, calls);
    for (let round = 0; round < 40 && (await erasure())?.doneAt === 0; round++) await clock.advance(100);
    let isOver = false;
    const over = dying[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    while (!isOver) await clock.advance(100);
    await over;
    // Its time to hold the erasure is over.
    await deps.erasures.hold('ana', clock.now());
  }
  expect(kills).toBeGreaterThan(9);
  await clock.advance(1_000);
  expect(told.filter((id) => id.endsWith('-erased'))).toContain('user-ana-erased');

  const state = JSON.stringify(await world.stateOf(['ana']));
  const others = ['words of bob', 'a private group'];
  for (const secret of [...SECRETS, 'words of bob']) {
    expect([secret, state.includes(secret)]).toEqual([secret, others.includes(secret)]);
  }
  const keys = [own, answer, inTeam, inClub, inPast].map(({ conversationId, messageId }) => ({
    conversationId,
    messageId,
  }));
  const texts = (await deps.messages.get(keys)).map((message) => message?.content.text);
  expect(texts).toEqual([undefined, 'words of bob', undefined, undefined, undefined]);
  for (const text of ['private', 'again'])
    expect(await deps.search.search({ logs: 'all', text, limit: 9 })).toEqual([]);
  expect(await deps.users.get('ana')).toBeNull();
  expect(await deps.profiles.get(['ana'])).toEqual([null]);
  const alone = { owner: 'bob', memberCount: 1 };
  expect(await deps.groups.groups(['team', 'club', 'guild'])).toMatchObject([alone, alone, alone]);
  expect(await deps.groups.members([{ conversationId: 'guild', userId: 'ana' }])).toMatchObject([
    { wasRemoved: false },
  ]);
  expect(await deps.groups.stays('ana', 9)).toEqual([]);
  expect(await deps.groups.requests('lodge', { limit: 9 })).toEqual([]);
  expect((await deps.momentReplies.comments(bobs.momentId, { limit: 9 })).length).toBe(0);
  expect((await deps.moments.get([bobs.momentId]))[0]).toMatchObject({ likes: 0, comments: 0 });
  expect(await deps.contacts.list('bob', { limit: 9 })).toEqual([]);
  const inbox = await deps.logs.page('bob', 0, 100);
  expect(inbox.entries.slice(0, before.head)).toEqual(before.entries);
  expect(await deps.reactions.seen('bob', [answer])).toMatchObject([
    { counts: [{ emoji: '👍', count: 1 }], mine: ['👍'] },
  ]);
  expect(await deps.reactions.of('ana', { limit: 9 })).toEqual([]);
  expect(inbox.entries.map(({ position }) => position)).toEqual(inbox.entries.map((_, place) => place + 1));
  expect((await deps.conversations.unread('bob')).total).toBe(unread.total);
});
