import type { DevicePresence } from '@chasqui/domain';
import { STALE_LOGIN_MS } from '@chasqui/ports';
import { beforeEach, expect, test } from 'vitest';
import { byDevice, LONG, type PresenceHarness, presenceFixture, SHORT } from './presence-fixture.ts';

export function entryTests(harness: PresenceHarness): void {
  const { presence, nodes, node, entry, lapsed } = presenceFixture(harness);

  beforeEach(async () => {
    await nodes().renew(node('n1'), LONG);
    await nodes().renew(node('n2'), LONG);
  });

  test('a registered device is found, and learns of the user’s others', async () => {
    const phone = entry('ann', 'phone', 'n1');
    const laptop = entry('ann', 'laptop', 'n2');
    expect(await presence().register(phone)).toEqual({ others: [], replaced: null, newer: null });
    expect(await presence().register(laptop)).toEqual({ others: [phone], replaced: null, newer: null });
    await presence().register(entry('bob', 'phone', 'n1'));
    const [found = []] = await presence().lookup(['ann']);
    expect(byDevice(found)).toEqual([laptop, phone]);
  });

  test('a second session of a device replaces the first; the same session again replaces nothing', async () => {
    const first = entry('ann', 'phone', 'n1');
    const second = entry('ann', 'phone', 'n2');
    await presence().register(first);
    expect(await presence().register(first)).toEqual({ others: [], replaced: null, newer: null });
    expect(await presence().register(second)).toEqual({ others: [], replaced: first, newer: null });
    expect(await presence().lookup(['ann'])).toEqual([[second]]);
    expect((await presence().onNode('n1', null, 10)).entries).toEqual([]);
  });

  test('a log-in that is registered late does not replace a later one of the device, unless that one’s node is dead', async () => {
    const late = entry('ann', 'phone', 'n1');
    const second = { ...entry('ann', 'phone', 'n2'), since: late.since + STALE_LOGIN_MS };
    const third = { ...entry('ann', 'phone', 'n3'), since: second.since + STALE_LOGIN_MS + 1 };
    await presence().register(second);
    expect(await presence().register(late)).toEqual({ others: [], replaced: second, newer: null });
    await nodes().renew(node('n3'), SHORT);
    await presence().register(third);
    expect(await presence().register(second)).toEqual({ others: [], replaced: null, newer: third });
    expect(await presence().lookup(['ann'])).toEqual([[third]]);
    expect((await presence().onNode('n2', null, 10)).entries).toEqual([]);
    await lapsed('n3');
    expect(await presence().register(second)).toMatchObject({ newer: null });
    expect(await presence().lookup(['ann'])).toEqual([[second]]);
  });

  test('of sessions of one device at the same time one stays, and each other one is reported as replaced once', async () => {
    const entries = Array.from({ length: 6 }, (_, i) => entry('ann', 'phone', i % 2 === 0 ? 'n1' : 'n2'));
    const results = await Promise.all(entries.map((one) => presence().register(one)));
    const replaced = results.flatMap((result) => result.replaced?.sessionId ?? []);
    const [kept = []] = await presence().lookup(['ann']);
    expect([...replaced, ...kept.map(({ sessionId }) => sessionId)].sort()).toEqual(
      entries.map(({ sessionId }) => sessionId).sort(),
    );
    expect(kept).toHaveLength(1);
  });

  test('a session takes away its own entry only', async () => {
    const first = entry('ann', 'phone', 'n1');
    const second = entry('ann', 'phone', 'n1');
    await presence().register(first);
    await presence().register(second);
    expect(await presence().unregister(first)).toBe(false);
    expect(await presence().lookup(['ann'])).toEqual([[second]]);
    expect(await presence().unregister(second)).toBe(true);
    expect(await presence().unregister(second)).toBe(false);
    expect(await presence().lookup(['ann'])).toEqual([[]]);
  });

  test('users are given in the order asked for, empty where they are nowhere', async () => {
    const [ann, bob] = [entry('ann', 'phone', 'n1'), entry('bob', 'phone', 'n2')];
    await presence().register(ann);
    await presence().register(bob);
    expect(await presence().lookup(['bob', 'cat', 'ann', 'bob'])).toEqual([[bob], [], [ann], [bob]]);
    expect(await presence().lookup([])).toEqual([]);
    await presence().ping();
  });

  test('C9: a device counts while its node’s lease stands, and not a moment before or after', async () => {
    const phone = entry('ann', 'phone', 'n3');
    await presence().register(phone);
    expect(await presence().lookup(['ann'])).toEqual([[]]);
    await nodes().renew(node('n3'), SHORT);
    expect(await presence().lookup(['ann'])).toEqual([[phone]]);
    const laptop = entry('ann', 'laptop', 'n1');
    await lapsed('n3');
    expect(await presence().register(laptop)).toEqual({ others: [], replaced: null, newer: null });
    expect(await presence().lookup(['ann'])).toEqual([[laptop]]);
  });

  test('C9: the devices of a node, live or dead, are listed page by page, each once', async () => {
    await nodes().renew(node('n3'), SHORT);
    const users = Array.from({ length: 11 }, (_, i) => `user${i}`);
    for (const user of users) await presence().register(entry(user, 'phone', 'n3'));
    await presence().register(entry('user0', 'laptop', 'n3'));
    await presence().register(entry('elsewhere', 'phone', 'n1'));
    await lapsed('n3');
    const seen: DevicePresence[] = [];
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
      const page: Awaited<ReturnType<ReturnType<typeof presence>['onNode']>> = await presence().onNode('n3', cursor, 4);
      expect(pages).toBeLessThan(30);
      seen.push(...page.entries);
      cursor = page.cursor;
    }
    const names = seen.map(({ userId, deviceId }) => `${userId} ${deviceId}`).sort();
    expect(names).toEqual([...users.map((user) => `${user} phone`), 'user0 laptop'].sort());
    expect(await presence().onNode('nowhere', null, 4)).toEqual({ entries: [], cursor: null });
  });
}
