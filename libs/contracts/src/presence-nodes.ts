import { expect, test } from 'vitest';
import { until } from './harness.ts';
import { LONG, type PresenceHarness, presenceFixture, SHORT } from './presence-fixture.ts';

export function nodeTests(harness: PresenceHarness): void {
  const { presence, nodes, node, entry, lapsed } = presenceFixture(harness);
  const claimed = async (claimMs: number) => (await nodes().claimDead(claimMs)).map(({ nodeId }) => nodeId);

  test('a node is live from its first renewal, as it last described itself', async () => {
    expect(await nodes().live()).toEqual([]);
    expect(await nodes().renew(node('n1'), LONG)).toBe(false);
    const now = node('n1', { connections: 7, draining: true });
    expect(await nodes().renew(now, LONG)).toBe(true);
    await nodes().renew(node('n2'), LONG);
    const live = (await nodes().live()).toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
    expect(live).toEqual([now, node('n2', { startedAt: live[1]?.startedAt ?? 0 })]);
  });

  test('C9: a node that does not renew is not live once its lease ends, and a later renewal says that it was lost', async () => {
    await nodes().renew(node('n1'), SHORT);
    await nodes().renew(node('n2'), LONG);
    await lapsed('n1');
    expect((await nodes().live()).map(({ nodeId }) => nodeId)).toEqual(['n2']);
    expect(await nodes().renew(node('n1'), LONG)).toBe(false);
    expect(await nodes().renew(node('n1'), LONG)).toBe(true);
  });

  test('renewals keep a node alive beyond its first lease', async () => {
    await nodes().renew(node('n1'), SHORT);
    for (let i = 0; i < 6; i++) {
      await harness.advance(SHORT / 4);
      expect(await nodes().renew(node('n1'), SHORT)).toBe(true);
    }
    expect(await nodes().live()).toHaveLength(1);
  });

  test('a node that leaves in good order leaves nothing to recover', async () => {
    await nodes().renew(node('n1'), SHORT);
    await presence().register(entry('ann', 'phone', 'n1'));
    await nodes().remove('n1');
    await nodes().remove('never there');
    expect(await nodes().live()).toEqual([]);
    expect(await presence().lookup(['ann'])).toEqual([[]]);
    await harness.advance(SHORT + 50);
    expect(await claimed(LONG)).toEqual([]);
  });

  test('C9: a dead node is given to one of those who ask, with all that is known of it', async () => {
    const n1 = node('n1');
    await nodes().renew(n1, SHORT);
    await nodes().renew(node('n2'), LONG);
    expect(await claimed(LONG)).toEqual([]);
    await lapsed('n1');
    const claims = await Promise.all(Array.from({ length: 5 }, () => nodes().claimDead(LONG)));
    expect(claims.flat()).toEqual([n1]);
    expect(await claimed(LONG)).toEqual([]);
  });

  test('C9: a claim that is not settled in time goes to the next who asks; a settled one to nobody', async () => {
    await nodes().renew(node('n1'), SHORT);
    await lapsed('n1');
    expect(await claimed(SHORT)).toEqual(['n1']);
    let again: string[] = [];
    await until(harness, 'the claim lapses', async () => {
      again = await claimed(SHORT);
      return again.length > 0;
    });
    expect(again).toEqual(['n1']);
    await nodes().settle('n1');
    await harness.advance(SHORT + 50);
    expect(await claimed(SHORT)).toEqual([]);
  });

  test('a node that comes back before anybody claims it is not dead', async () => {
    await nodes().renew(node('n1'), SHORT);
    await lapsed('n1');
    await nodes().renew(node('n1'), LONG);
    expect(await claimed(LONG)).toEqual([]);
  });

  test('C16: settling forgets the dead node and its entries', async () => {
    await nodes().renew(node('n1'), SHORT);
    await presence().register(entry('ann', 'phone', 'n1'));
    await lapsed('n1');
    await nodes().claimDead(LONG);
    expect((await presence().onNode('n1', null, 10)).entries).toHaveLength(1);
    await nodes().settle('n1');
    expect(await presence().onNode('n1', null, 10)).toEqual({ entries: [], cursor: null });
    expect(await nodes().renew(node('n1'), LONG)).toBe(false);
    expect(await presence().lookup(['ann'])).toEqual([[]]);
  });
}
