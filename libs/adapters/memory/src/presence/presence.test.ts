import { createManualClock, presenceContract } from '@chasqui/contracts';
import type { NodeInfo } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createMemoryPresence } from './presence.ts';

const clock = createManualClock();

presenceContract('memory', {
  clock,
  advance: clock.advance,
  create: async () => createMemoryPresence({ clock }),
});

function node(nodeId: string): NodeInfo {
  return { nodeId, wsUrl: 'ws://x', peerAddress: 'x', connections: 0, draining: false, startedAt: clock.now() };
}

function entry(userId: string, nodeId: string, sessionId = userId) {
  return { userId, deviceId: 'phone', sessionId, nodeId, platform: 'web', since: 0 };
}

test('C16: at the bound of devices those of unknown and of long dead nodes go first, then new ones are refused', async () => {
  const { presence, nodes } = createMemoryPresence({ clock, maxEntries: 3 });
  await nodes.renew(node('n1'), 100);
  await nodes.renew(node('n2'), 1_000);
  await presence.register(entry('a', 'n1'));
  await presence.register(entry('b', 'unknown'));
  await presence.register(entry('c', 'n2'));
  await presence.register(entry('d', 'n2'));
  expect((await presence.onNode('unknown', null, 10)).entries).toEqual([]);
  await expect(presence.register(entry('e', 'n2'))).rejects.toMatchObject({ code: 'presence_unavailable' });
  await presence.register(entry('d', 'n2', 'another session'));
  await clock.advance(100);
  await presence.register(entry('e', 'n2'));
  expect((await presence.lookup(['a', 'c', 'd', 'e'])).map((found) => found.length)).toEqual([0, 1, 1, 1]);
  expect(await nodes.claimDead(1)).toEqual([]);
});

test('C16: at the bound of nodes the longest dead one is forgotten, then new ones are refused', async () => {
  const { nodes } = createMemoryPresence({ clock, maxNodes: 2 });
  await nodes.renew(node('n1'), 100);
  await nodes.renew(node('n2'), 1_000);
  await expect(nodes.renew(node('n3'), 1_000)).rejects.toMatchObject({ code: 'presence_unavailable' });
  expect(await nodes.renew(node('n2'), 1_000)).toBe(true);
  await clock.advance(100);
  await nodes.renew(node('n3'), 1_000);
  expect((await nodes.live()).map(({ nodeId }) => nodeId)).toEqual(['n2', 'n3']);
});
