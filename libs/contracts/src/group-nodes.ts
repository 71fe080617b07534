import type { GroupNodes } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

/** Everything that `GroupNodes` promises. */
export function groupNodesContract(name: string, harness: Harness<GroupNodes>): void {
  describe(`GroupNodes: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (engine) => [engine]);
    const nodes = () => subject.current;
    const nodesOf = async (...groups: string[]) => (await nodes().nodesOf(groups)).map((ids) => ids.toSorted());

    test('C19: each group has the nodes that subscribed to it, in the order asked for', async () => {
      await nodes().subscribe('n1', ['g1', 'g2']);
      await nodes().subscribe('n2', ['g2']);
      expect(await nodesOf('g2', 'g3', 'g1', 'g2')).toEqual([['n1', 'n2'], [], ['n1'], ['n1', 'n2']]);
      expect(await nodesOf()).toEqual([]);
      await nodes().ping();
    });

    test('subscribing again changes nothing, and nor does it to be rid of what is not there', async () => {
      await nodes().subscribe('n1', ['g1']);
      await nodes().subscribe('n1', ['g1', 'g1', 'g2']);
      await nodes().subscribe('n1', []);
      await nodes().unsubscribe('n1', ['g3']);
      await nodes().unsubscribe('n2', ['g1']);
      expect(await nodesOf('g1', 'g2', 'g3')).toEqual([['n1'], ['n1'], []]);
    });

    test('a node that unsubscribes is gone from those groups alone', async () => {
      await nodes().subscribe('n1', ['g1', 'g2', 'g3']);
      await nodes().subscribe('n2', ['g1']);
      await nodes().unsubscribe('n1', ['g1', 'g2']);
      expect(await nodesOf('g1', 'g2', 'g3')).toEqual([['n2'], [], ['n1']]);
      await nodes().unsubscribe('n2', ['g1']);
      expect(await nodesOf('g1')).toEqual([[]]);
      await nodes().subscribe('n1', ['g1']);
      expect(await nodesOf('g1')).toEqual([['n1']]);
    });

    test('of calls at once none is lost', async () => {
      const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
      await Promise.all(names.map((node) => nodes().subscribe(node, ['g1', node])));
      expect((await nodesOf('g1'))[0]).toEqual(names.toSorted());
      await Promise.all(names.slice(5).map((node) => nodes().unsubscribe(node, ['g1'])));
      expect((await nodesOf('g1'))[0]).toEqual(names.slice(0, 5).toSorted());
    });

    test('a node subscribes to thousands of groups in one call', async () => {
      const groups = Array.from({ length: 3_000 }, (_, n) => `g${n}`);
      await nodes().subscribe('n1', groups);
      expect(await nodesOf(...groups)).toEqual(groups.map(() => ['n1']));
      await nodes().unsubscribe('n1', groups.slice(1));
      expect(await nodesOf('g0', 'g1', 'g2999')).toEqual([['n1'], [], []]);
    });
  });
}
