import { directConversation, initialProfile, type LogUpdate, type PushOutcome } from '@chasqui/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysql } from '../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from './config.ts';
import type { MysqlEngines } from './index.ts';
import { CuttingProxy } from './testing/cutting-proxy.ts';
import { runSql, Scratch } from './testing/scratch.ts';
import { inboxOf, messageOf } from './testing/traffic.ts';

const ANN_BOB = directConversation('ann', 'bob');
const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');

describe('a commit is done and its answer is lost: the call repeats itself and gives what the first try gave', () => {
  let proxy: CuttingProxy;
  let engines: MysqlEngines;
  let config: MysqlConfig;

  beforeAll(async () => {
    config = await scratch.ready();
    proxy = await CuttingProxy.open(config.address);
    engines = await scratch.open({ ...config, address: { ...config.address, port: proxy.port } });
    await engines.conversations.record([messageOf('ann', 'bob')]);
  });
  afterAll(async () => {
    await scratch.clean();
    await proxy[Symbol.asyncDispose]();
  });

  /** Runs a call whose first commit gets no answer. */
  async function cut<T>(call: () => Promise<T>): Promise<T> {
    const before = proxy.lost;
    proxy.loseAnswerTo('COMMIT');
    const result = await call();
    expect(proxy.lost).toBe(before + 1);
    return result;
  }

  test('C4: recording says recorded, with its places and counts, and the message is there once', async () => {
    const before = (await inboxOf(engines, 'bob')).length;
    const messages = [messageOf('ann', 'bob'), messageOf('cat', 'bob')];
    const outcomes = await cut(() => engines.conversations.record(messages));
    expect(outcomes).toMatchObject([
      {
        result: 'recorded',
        places: [{}, { position: before + 1 }],
        unread: [{ total: before + 1, position: before + 1 }],
      },
      {
        result: 'recorded',
        places: [{}, { position: before + 2 }],
        unread: [{ total: before + 2, position: before + 2 }],
      },
    ]);
    expect(await inboxOf(engines, 'bob')).toHaveLength(before + 2);
    expect((await engines.conversations.record(messages)).map(({ result }) => result)).toEqual([
      'duplicate',
      'duplicate',
    ]);
  });

  test('C10: what is appended is appended once', async () => {
    const before = (await inboxOf(engines, 'ann')).length;
    const update = (at: number): LogUpdate => ({
      type: 'receipt',
      conversationId: ANN_BOB,
      state: 'read',
      upTo: 'f'.repeat(24),
      by: 'bob',
      at,
    });
    const items = [1, 2].map((at) => ({ log: 'ann', update: update(at) }));
    expect(await cut(() => engines.logs.append(items))).toEqual([before + 1, before + 2]);
    expect(await inboxOf(engines, 'ann')).toHaveLength(before + 2);
  });

  test('C8: a read mark says that it changed something, and does so once', async () => {
    const message = messageOf('ann', 'bob');
    await engines.conversations.record([message]);
    const before = (await inboxOf(engines, 'bob')).length;
    const mark = await cut(() =>
      engines.conversations.markRead({
        userId: 'bob',
        conversationId: ANN_BOB,
        upTo: message.messageId,
        at: 5,
        node: 'n',
      }),
    );
    expect(mark).toMatchObject({ changed: true, from: '', position: before + 1, unread: { count: 0 } });
    expect(await inboxOf(engines, 'bob')).toHaveLength(before + 1);
    const again = await engines.conversations.markRead({
      userId: 'bob',
      conversationId: ANN_BOB,
      upTo: message.messageId,
      at: 5,
      node: 'n',
    });
    expect(again).toMatchObject({ changed: false, from: message.messageId });
  });

  test('C10: a change of a conversation state gives its position, and is made once', async () => {
    const key = { userId: 'bob', conversationId: ANN_BOB };
    const before = (await inboxOf(engines, 'bob')).length;
    const set = await cut(() => engines.conversationStates.change(key, { draft: 'x' }, 5));
    expect(set).toMatchObject({ position: before + 1, state: { draft: 'x', changedAt: 5 } });
    const back = await cut(() => engines.conversationStates.change(key, { draft: '' }, 6));
    expect(back).toMatchObject({ position: before + 2, state: { draft: '' } });
    expect(await inboxOf(engines, 'bob')).toHaveLength(before + 2);
  });

  test('a recall gives its places, once', async () => {
    const message = messageOf('ann', 'bob');
    await engines.conversations.record([message]);
    const [ann, bob] = [(await inboxOf(engines, 'ann')).length, (await inboxOf(engines, 'bob')).length];
    const { messageId, conversationId, audience } = message;
    const action = { action: 'recall', revision: 1, by: 'ann', at: 5, messageId, conversationId, audience } as const;
    const recall = async () => (await engines.conversations.act([action]))[0];
    expect(await cut(recall)).toEqual([
      { log: 'ann', position: ann + 1 },
      { log: 'bob', position: bob + 1 },
    ]);
    expect(await recall()).toBeNull();
  });

  test('a confirmation tells what is newly synced', async () => {
    const head = (await inboxOf(engines, 'bob')).length;
    const confirm = () => engines.logs.confirm({ userId: 'bob', deviceId: 'phone', position: head, at: 9 });
    expect(await cut(confirm)).toEqual({ before: 0, now: head });
    expect(await confirm()).toEqual({ before: head, now: head });
  });

  test('a trim says what it dropped', async () => {
    const { floor, head } = await engines.logs.page('cat', 0, 10);
    const kept = (await inboxOf(engines, 'ann')).length + (await inboxOf(engines, 'bob')).length + head - floor;
    expect(await cut(() => engines.logs.trim(Date.now() + 1_000, 1_000))).toBe(kept);
  });

  test('a registration succeeds, and the next one of the same id does not', async () => {
    const user = { userId: 'eve', passwordHash: '$scrypt$salted', displayName: 'Eve', createdAt: 1 };
    expect(await cut(() => engines.users.create(user))).toBe(true);
    expect(await engines.users.create(user)).toBe(false);
  });

  test('C17: the first outcome of a notification is the one that was given', async () => {
    const outcome: PushOutcome = {
      subjectId: 's',
      userId: 'bob',
      deviceId: 'phone',
      result: 'accepted',
      provider: 'apns',
      reason: 'ok',
      attempts: 1,
      at: 5,
      node: 'push-1',
    };
    expect(await cut(() => engines.pushOutcomes.record([outcome]))).toEqual([outcome]);
    expect(await engines.pushOutcomes.record([{ ...outcome, node: 'push-2' }])).toEqual([outcome]);
  });

  test('relations change once, and say what changed', async () => {
    const { contacts, blocks } = engines;
    expect(await cut(() => contacts.request('ann', 'bob', 1))).toBe('outgoing');
    expect(await cut(() => contacts.accept('bob', 'ann', 2))).toBe(true);
    expect(await cut(() => contacts.remove('ann', 'bob'))).toBe('contact');
    expect(await cut(() => blocks.block('ann', 'bob', 3))).toBe(true);
    expect(await cut(() => blocks.unblock('ann', 'bob'))).toBe(true);
    expect(await contacts.states('ann', ['bob'])).toEqual([null]);
    expect(await runSql(config, 'SELECT SUM(contacts + blocks) AS n FROM people', config.address.database)).toEqual([
      { n: '0' },
    ]);
  });

  test('profiles and devices change once, and say what changed', async () => {
    const { profiles, devices } = engines;
    const profile = { ...initialProfile('ann', 'Ann'), version: 1 };
    expect(await cut(() => profiles.put(profile))).toBe(true);
    expect(await profiles.put(profile)).toBe(false);
    const phone = { userId: 'ann', deviceId: 'phone', platform: 'ios' };
    const key = { ...phone, provider: 'apns' as const };
    await cut(() => devices.register(phone, { ...key, token: 't', app: '', language: '', at: 1 }));
    expect(await cut(() => devices.unregister(key, 't'))).toBe(true);
    expect(await cut(() => devices.forget('ann', 'phone'))).toBe(true);
    expect(await devices.list(['ann'])).toEqual([[]]);
  });
});
