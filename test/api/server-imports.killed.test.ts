import { DataSync } from '@chasqui/app-datasync/core';
import { directConversation, formatMessageId, groupLog, hash32, inboxOf, type LogId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { silentMetrics } from '../simulation/silent-metrics.ts';
import { makeKey } from './access/api-keys.ts';
import { createDyingApi } from './dying-api.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { OLD, oldestFirst, sendImport, textOf } from './import-calls.ts';

// The process of an import is killed before, and in the middle of, each of its calls to the engines; the file is sent again.

const PEOPLE = ['ana', 'ben', 'cleo', 'dan'];

/** Conversations of people whose names end with `mark`. All texts have the word `mark`. */
function placesOf(mark: string) {
  const [ana = '', ben = '', cleo = '', dan = ''] = PEOPLE.map((name) => `${name}${mark}`);
  const withBen = directConversation(ana, ben);
  const withCleo = directConversation(ana, cleo);
  return { ana, ben, cleo, dan, withBen, withCleo, team: `team${mark}` };
}

/** All types of lines, in batches of messages; many are of one millisecond, and the last ones are unread. */
function fileOf(mark: string): string {
  const { ana, ben, cleo, dan, withBen, withCleo, team } = placesOf(mark);
  const message = (conversationId: string, from: string, id: string, ms: number, fields: object = {}) => ({
    ...{ type: 'message', from, conversationId, clientMessageId: id, sentAt: OLD + ms },
    ...{ content: { text: `${id} ${mark}` }, ...fields },
  });
  const unread = { unread: true };
  const upTo = formatMessageId({ millis: OLD + 4, counter: 7, tag: hash32(mark) });
  return textOf([
    { type: 'user', userId: ana, displayName: 'Ana' },
    { type: 'group', conversationId: team, owner: ana, name: 'Team', members: [ben, cleo], createdAt: OLD },
    ...[message(withBen, ana, 'b1', 1), message(withBen, ben, 'b2', 1), message(team, ana, 't1', 1)],
    ...[message(team, `eva${mark}`, 't2', 1), message(withBen, ana, 'b3', 1), message(team, ben, 't3', 2)],
    { type: 'members', conversationId: team, users: [dan], role: 'admin', joinedAt: OLD + 3 },
    ...[message(withBen, ben, 'b4', 4, unread), message(withBen, ben, 'b5', 4, { ...unread, messageId: upTo })],
    ...[message(team, ben, 't4', 4, { ...unread, mentions: [ana] }), message(withBen, ben, 'b6', 5, unread)],
    ...[message(withCleo, ana, 'c1', 5), message(team, cleo, 't5', 5, unread), message(withCleo, cleo, 'c2', 5)],
    { type: 'read', conversationId: withBen, userId: ana, upTo },
    ...[message(team, cleo, 't6', 6, unread), message(withBen, ana, 'b7', 6)],
  ]);
}

/** What a log says, its messages by their client's ids. Each has a text, and no position is missing. */
async function saysOf({ deps }: TestApi, log: LogId): Promise<string[]> {
  const { entries } = await deps.logs.page(log, 0, 1_000);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, place) => place + 1));
  const messages = entries.filter((entry) => entry.type === 'message');
  expect(await deps.messages.get(messages)).not.toContain(null);
  return entries.flatMap((entry) => {
    if (entry.type === 'message') return [entry.clientMessageId];
    return entry.type === 'notice' ? [`${entry.notice} ${entry.users ?? ''}`] : [];
  });
}

const unreadOf = async (api: TestApi, as: string) =>
  (await api.call('GET', '/api/messages/unread-count', { as })).json();

/** What people see of an import, without the mark. */
async function stateOf(api: TestApi, mark: string) {
  const { withBen, withCleo, team } = placesOf(mark);
  const users = PEOPLE.map((name) => `${name}${mark}`);
  const state = {
    histories: await Promise.all(
      [withBen, withCleo, team].map(async (conversationId) =>
        (await oldestFirst(api, conversationId)).map(({ clientMessageId, from, sentAt, statuses, content }) => ({
          ...{ clientMessageId, from, sentAt, statuses, content },
        })),
      ),
    ),
    logs: await Promise.all([...users.map(inboxOf), groupLog(team)].map((log) => saysOf(api, log))),
    unread: await Promise.all(
      users.map(async (user) => {
        const { position: _, ...counts } = await unreadOf(api, user);
        return counts;
      }),
    ),
    found: (await api.deps.search.search({ logs: 'all', text: mark, limit: 100 })).map(({ text }) => text).sort(),
    members: (await api.deps.groups.page(team, { limit: 10 })).map(({ userId, role }) => [userId, role]),
  };
  return JSON.parse(JSON.stringify(state).replaceAll(mark, '')) as typeof state;
}

test('C3, C8, C10: an import that is killed at any of its steps, and sent again, is as if it had not been killed', {
  timeout: 120_000,
}, async () => {
  await using api = await createTestApi();
  const { clock, deps } = api;
  const key = await makeKey(api);
  // It ends with the memory of its bus: to stop would take time that does not pass by itself here.
  new DataSync({ runtime: { ...deps, metrics: silentMetrics }, engines: deps });
  const importAll = async (mark: string) => {
    expect(await sendImport(api, key, fileOf(mark))).toMatchObject({ status: 200, errors: [] });
    await clock.advance(1_000);
    return stateOf(api, mark);
  };
  const whole = await importAll('zqx');
  const [withBen, withCleo, inTeam] = whole.histories.map((one) => one.map(({ clientMessageId: id }) => id));
  expect([withBen, withCleo]).toEqual([
    ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7'],
    ['c1', 'c2'],
  ]);
  expect(inTeam).toEqual(['t1', 't2', 't3', 't4', 't5', 't6']);
  expect(whole.unread[0]).toEqual({ total: 4, byConversation: { 'ana~ben': 1, team: 3 }, mentions: { team: 1 } });
  expect(whole.found).toHaveLength(15);

  let kills = 0;
  for (let calls = 0, isDone = false; !isDone; calls++) {
    for (const halfDone of [false, true]) {
      const mark = `zq${calls}${halfDone ? 'h' : 'x'}`;
      const dying = await createDyingApi(api, calls, { halfDone });
      const { status } = await sendImport(dying, key, fileOf(mark));
      await dying[Symbol.asyncDispose]();
      isDone = status === 200;
      if (isDone) break;
      kills++;
      // People look before it is sent again: what they sync has its texts, and their counts are cached.
      const { ana, ben, team } = placesOf(mark);
      for (const log of [inboxOf(ana), inboxOf(ben), groupLog(team)]) await saysOf(api, log);
      await unreadOf(api, ana);
      expect([calls, halfDone, await importAll(mark)]).toEqual([calls, halfDone, whole]);
    }
  }
  expect(kills).toBeGreaterThan(50);
  expect((await deps.conversations.recount(null, { repair: false, limit: 10_000 })).drift).toEqual([]);
});
