import { groupLog } from '@chasqui/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from '../config.ts';
import type { MysqlEngines } from '../index.ts';
import { CuttingProxy } from '../testing/cutting-proxy.ts';
import { BOUNDS, changeOf, creationOf, expectExactCounts, groupLogOf, groupMessageOf } from '../testing/groups.ts';
import { runSql, Scratch } from '../testing/scratch.ts';
import { inboxOf } from '../testing/traffic.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const TEAM = 'team';

describe('a commit for a group is done and its answer is lost: the call gives what the first try gave', () => {
  let proxy: CuttingProxy;
  let engines: MysqlEngines;
  let config: MysqlConfig;

  beforeAll(async () => {
    config = await scratch.ready();
    proxy = await CuttingProxy.open(config.address);
    engines = await scratch.open({ ...config, address: { ...config.address, port: proxy.port } });
    await engines.groups.apply(creationOf(TEAM, 'ann', ['bob', 'cat']), BOUNDS);
  });
  afterAll(async () => {
    await scratch.clean();
    await proxy[Symbol.asyncDispose]();
  });

  /** `writes`: a text of the writes, which are sent with their commit. */
  async function cut<T>(call: () => Promise<T>, writes = 'COMMIT'): Promise<T> {
    const before = proxy.lost;
    proxy.loseAnswerTo(writes);
    const result = await call();
    expect(proxy.lost).toBe(before + 1);
    return result;
  }
  const sizes = async () => [
    (await groupLogOf(engines, TEAM)).length,
    ...(await Promise.all(['ann', 'bob', 'cat', 'dan'].map(async (user) => (await inboxOf(engines, user)).length))),
  ];

  test('C18: a change is applied, with its notice and updates, once', async () => {
    const [log, ann, bob, cat, dan] = await sizes();
    const add = changeOf(TEAM, 'bob', 'add', { users: ['dan'] });
    const applied = await cut(() => engines.groups.apply(add, BOUNDS));
    expect(applied).toMatchObject({
      isRepeat: false,
      outcome: { result: 'applied' },
      notice: { notice: 'joined', users: ['dan'], position: (log ?? 0) + 1 },
      told: [{ userId: 'dan', entry: { event: 'added', position: 1 } }],
    });
    expect(await sizes()).toEqual([(log ?? 0) + 1, ann, bob, cat, (dan ?? 0) + 1]);
    const again = await engines.groups.apply(add, BOUNDS);
    expect(again).toEqual({ isRepeat: true, outcome: applied.outcome, notice: null, told: [] });
  });

  test('C18: a refused change is remembered once', async () => {
    const dissolve = changeOf(TEAM, 'bob', 'dissolve', {});
    const { outcome, isRepeat } = await cut(() => engines.groups.apply(dissolve, BOUNDS));
    expect([outcome.result, isRepeat]).toEqual(['refused', false]);
    expect(await engines.groups.outcome(dissolve)).toEqual(outcome);
  });

  test('C4, C21: recording says recorded or refused, with its places, and counts once', async () => {
    const [log = 0] = await sizes();
    const messages = [groupMessageOf(TEAM, 'ann', ['bob']), groupMessageOf(TEAM, 'eve'), groupMessageOf(TEAM, 'bob')];
    const places = (position: number) => [{ log: groupLog(TEAM), position }];
    expect(await cut(() => engines.conversations.record(messages))).toMatchObject([
      { result: 'recorded', places: places(log + 1) },
      { result: 'refused', reason: 'not_a_member' },
      { result: 'recorded', places: places(log + 2) },
    ]);
    expect((await sizes())[0]).toBe(log + 2);
    const again = await engines.conversations.record(messages);
    expect(again.map(({ result }) => result)).toEqual(['duplicate', 'refused', 'duplicate']);
    await expectExactCounts(engines, [TEAM]);
  });

  test('C22: a mark says that it moved, and moves once', async () => {
    const message = groupMessageOf(TEAM, 'ann');
    await engines.conversations.record([message]);
    const before = (await inboxOf(engines, 'cat')).length;
    const { messageId: upTo } = message;
    const read = () => engines.conversations.markRead({ userId: 'cat', conversationId: TEAM, upTo, at: 5, node: 'n' });
    expect(await cut(read)).toMatchObject({ changed: true, from: '', upTo, position: before + 1 });
    expect(await read()).toMatchObject({ changed: false, from: upTo });
    expect(await inboxOf(engines, 'cat')).toHaveLength(before + 1);
    await expectExactCounts(engines, [TEAM]);
  });

  test('a recall gives its place, once', async () => {
    const message = groupMessageOf(TEAM, 'cat');
    await engines.conversations.record([message]);
    const [log = 0] = await sizes();
    const { messageId, conversationId, audience } = message;
    const action = { action: 'recall', revision: 1, by: 'ann', at: 5, messageId, conversationId, audience } as const;
    const recall = async () => (await engines.conversations.act([action]))[0];
    expect(await cut(recall)).toEqual([{ log: groupLog(TEAM), position: log + 1 }]);
    expect(await recall()).toBeNull();
    expect((await sizes())[0]).toBe(log + 1);
  });

  test('C21: a repair tells what was wrong, and repairs once', async () => {
    const spoil = `UPDATE group_members SET read_others = read_others - 7 WHERE user_id = 'bob'`;
    await runSql(config, spoil, config.address.database);
    const [head] = await engines.groups.headsOf([{ conversationId: TEAM, userId: 'bob' }]);
    const stored = head?.unread ?? 0;
    const repair = () => engines.conversations.recount(null, { repair: true, limit: 100 });
    expect((await cut(repair, 'SET read_others')).drift).toEqual([
      { userId: 'bob', conversationId: TEAM, count: 'unread', stored, recomputed: stored - 7 },
    ]);
    expect((await repair()).drift).toEqual([]);
    await expectExactCounts(engines, [TEAM]);
  });
});
