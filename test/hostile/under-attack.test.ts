import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { until } from '../journeys/devices.ts';
import { ATTACKING_USERS, ATTACKS, type AttackName } from '../load/hostile/attacks.ts';
import type { FloodTarget } from '../load/hostile/flood.ts';
import { HonestUser, Seen } from '../load/hostile/honest-user.ts';

const ATTACK_MS = 700;

let cluster: TestCluster;
let target: FloodTarget;
let ann: HonestUser;
let bob: HonestUser;
beforeAll(async () => {
  cluster = await startTestCluster({ env: { CHASQUI_TRUST_PROXY: '1' } });
  const nodes = cluster.running.connect.map(({ wsUrl }) => wsUrl);
  const tokens = Object.fromEntries(
    await Promise.all(ATTACKING_USERS.map(async (userId) => [userId, await cluster.token(userId)])),
  );
  target = { nodes, api: '', tokens };
  ann = await HonestUser.open(nodes[0] ?? '', await cluster.token('ann'), 'ann', 'bob');
  bob = await HonestUser.open(nodes[1] ?? '', await cluster.token('bob'), 'bob', 'ann');
}, 60_000);
afterAll(async () => {
  ann[Symbol.dispose]();
  bob[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
});

const NAMES: readonly AttackName[] = [
  ...(['acks of 500 invented ids, 400/s', 'presence of 200 fresh users, 500/s'] as const),
  ...(['recalls of invented ids, 2,000/s', 'messages of 32 KB, 950/s', 'these four by four devices'] as const),
  ...(['strangers from one address, 1,000/s', 'sync of page after page, 20 devices'] as const),
];

test.each(NAMES)(
  'C16: %s: two honest users are not refused for it, and what they send is stored and received',
  async (name) => {
    const seen = new Seen();
    ann.seen = seen;
    bob.seen = seen;
    const ending = new AbortController();
    const counts = { offered: 0, refused: 0, closed: 0 };
    const ended = ATTACKS[name](target, counts, ending.signal);
    // A user whose name an attacker has just used may not log in at once.
    await until(() => counts.offered > 0, 'the attack');
    await pause(ATTACK_MS);
    ending.abort();
    await ended;
    // Refusals because the machine is slow are not caused by the attackers; the bench measures those.
    const refused = () => seen.refused.get('overloaded') ?? 0;
    await until(() => seen.stored.count + refused() >= seen.sent - 2, 'what was sent to be stored');
    expect([...seen.refused.keys()].filter((code) => code !== 'overloaded')).toEqual([]);
    expect(seen.stored.count).toBeGreaterThan(0);
    expect(seen.received.count).toBeGreaterThan(0);
    expect(seen.ping.count).toBeGreaterThan(0);
  },
);
