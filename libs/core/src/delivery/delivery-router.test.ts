import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createManualClock } from '@chasqui/contracts';
import type { DevicePresence, NodeInfo } from '@chasqui/domain';
import { ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { Delivery, NodeRegistry, PeerLink, Presence } from '@chasqui/ports';
import { describe, expect, it } from 'vitest';
import { DeliveryRouter } from './delivery-router.ts';
import { NodeDirectory } from './node-directory.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function nodeInfo(nodeId: string): NodeInfo {
  return { nodeId, wsUrl: '', peerAddress: nodeId, connections: 0, draining: false, startedAt: 0 };
}

function device(userId: string, nodeId: string, sessionId = `${userId}@${nodeId}`): DevicePresence {
  return { userId, nodeId, sessionId, deviceId: 'd', platform: 'web', since: 0 };
}

interface World {
  devices: DevicePresence[];
  down?: string[];
  presenceAway?: boolean;
  /** By group: the nodes that subscribed. */
  subscribed?: { [group: string]: string[] };
}

function router({ devices, down = [], presenceAway = false, subscribed = {} }: World, local?: string) {
  const taken: { nodeId: string; frame: string }[] = [];
  const asked: string[] = [];
  const presence = {
    lookup: async (userIds: readonly string[]) => {
      asked.push(...userIds);
      if (presenceAway) throw new ImError('presence_unavailable', 'away');
      return userIds.map((userId) => devices.filter((entry) => entry.userId === userId));
    },
  } as Partial<Presence> as Presence;
  const registry = {
    live: async () => ['n1', 'n2', 'n3'].map(nodeInfo),
  } as Partial<NodeRegistry> as NodeRegistry;
  const deliverOn = (nodeId: string, deliveries: readonly Delivery[]) =>
    deliveries.map(({ userId, group, frame }) => {
      if (group !== undefined) {
        taken.push({ nodeId, frame });
        return 5;
      }
      const here = devices.some((entry) => entry.userId === userId && entry.nodeId === nodeId);
      if (here) taken.push({ nodeId, frame });
      return here ? 1 : 0;
    });
  const peers = {
    deliver: async ({ nodeId }: { nodeId: string }, deliveries: readonly Delivery[]) => {
      if (down.includes(nodeId)) throw new ImError('peer_unavailable', 'down');
      return deliverOn(nodeId, deliveries);
    },
  } as Partial<PeerLink> as PeerLink;
  const directory = new NodeDirectory({ registry, clock: createManualClock() });
  const subject = new DeliveryRouter({
    presence,
    groupNodes: {
      async nodesOf(groups) {
        if (presenceAway) throw new ImError('presence_unavailable', 'away');
        return groups.map((group) => subscribed[group] ?? []);
      },
    },
    directory,
    peers,
    logger: silentLogger,
    ...(local === undefined
      ? {}
      : { local: { nodeId: local, deliver: (items: readonly Delivery[]) => deliverOn(local, items) } }),
  });
  return { subject, taken, asked };
}

describe('the delivery router', () => {
  it('reaches every node that holds a device of the user, here and elsewhere', async () => {
    const { subject, taken } = router({ devices: [device('bob', 'n1'), device('bob', 'n2')] }, 'n1');
    expect(await subject.route([{ userId: 'bob', frame: 'x' }])).toEqual([2]);
    expect(taken.map(({ nodeId }) => nodeId).toSorted()).toEqual(['n1', 'n2']);
  });

  it('asks once for those whom a caller has located, and for others as well', async () => {
    const { subject, taken, asked } = router({ devices: [device('bob', 'n1'), device('cat', 'n2')] });
    const located = subject.locate(['bob', 'dan']);
    await located;
    expect(await subject.route([{ userId: 'bob', frame: 'x' }], located)).toEqual([1]);
    expect(asked).toEqual(['bob', 'dan']);
    expect(await subject.route([{ userId: 'cat', frame: 'y' }], located)).toEqual([1]);
    expect(asked).toEqual(['bob', 'dan', 'cat']);
    expect(taken.map(({ frame }) => frame)).toEqual(['x', 'y']);
  });

  it('C20: what is for a group does not come to this node either once its subscription is lost', async () => {
    const { subject, taken } = router({ devices: [], subscribed: { team: ['n2'] } }, 'n1');
    await subject.route([{ userId: 'ann', group: 'team', onlySession: '-', frame: 'x' }]);
    expect(taken.map(({ nodeId }) => nodeId)).toEqual(['n2']);
  });

  it('C19: hands what is for a group once to each node that subscribed, and to all while that is not known', async () => {
    const team = { userId: 'ann', group: 'team', onlySession: '-' };
    const one = router({ devices: [], subscribed: { team: ['n1', 'n3', 'gone'] } }, 'n1');
    expect(await one.subject.route([{ ...team, frame: 'x' }])).toEqual([10]);
    expect(one.taken.map(({ nodeId }) => nodeId).toSorted()).toEqual(['n1', 'n3']);
    const other = router({ devices: [], presenceAway: true, subscribed: { team: ['n3'] } }, 'n1');
    expect(await other.subject.route([{ ...team, frame: 'x' }])).toEqual([15]);
    expect(other.taken.map(({ nodeId }) => nodeId).toSorted()).toEqual(['n1', 'n2', 'n3']);
  });

  it('names the nodes that took a delivery', async () => {
    const { subject } = router({ devices: ['n1', 'n2', 'n3'].map((n) => device('bob', n)), down: ['n2'] }, 'n1');
    const [bob, nobody]: [string[], string[]] = [[], []];
    await subject.route([
      { userId: 'bob', frame: 'x', takenBy: bob },
      { userId: 'nobody', frame: 'y', takenBy: nobody },
    ]);
    expect([bob.toSorted(), nobody]).toEqual([['n1', 'n3'], []]);
  });

  it('C2: an ack reaches a session of a node that started after the list of nodes was read', async () => {
    const clock = createManualClock();
    const nodes = [nodeInfo('n1')];
    const registry = { live: async () => [...nodes] } as Partial<NodeRegistry> as NodeRegistry;
    const directory = new NodeDirectory({ registry, clock });
    const taken: string[] = [];
    const peers = {
      deliver: async (_: object, deliveries: readonly Delivery[]) => {
        taken.push(...deliveries.map(({ frame }) => frame));
        return deliveries.map(() => 1);
      },
    } as Partial<PeerLink> as PeerLink;
    const subject = new DeliveryRouter({
      presence: {} as Presence,
      groupNodes: { nodesOf: async () => [] },
      ...{ directory, peers, logger: silentLogger },
    });
    await directory.find('n1');
    nodes.push(nodeInfo('n2'));
    await clock.advance(10);
    const routed = subject.route([
      { userId: 'ann', nodeId: 'n2', onlySession: 's1', frame: 'server_ack' },
      { userId: 'ann', nodeId: 'n2', frame: 'other' },
      { userId: 'ann', nodeId: 'gone', onlySession: 's2', frame: 'lost' },
    ]);
    expect(await routed).toEqual([0, 0, 0]);
    expect(taken).toEqual([]);
    await clock.advance(100);
    expect(taken).toEqual(['server_ack']);
  });

  it('C9: says at once that a user is nowhere, or on a node that does not answer', async () => {
    const { subject } = router({ devices: [device('bob', 'n2')], down: ['n2'] }, 'n1');
    expect(
      await subject.route([
        { userId: 'bob', frame: 'x' },
        { userId: 'nobody', frame: 'y' },
      ]),
    ).toEqual([0, 0]);
  });

  it('asks every node while presence is away, also if that was found out earlier', async () => {
    const away = router({ devices: [device('bob', 'n3')], presenceAway: true });
    expect(await away.subject.route([{ userId: 'bob', frame: 'x' }], away.subject.locate(['bob']))).toEqual([1]);
    const { subject } = router({ devices: [device('bob', 'n3')], presenceAway: true }, 'n1');
    expect(await subject.route([{ userId: 'bob', frame: 'x' }])).toEqual([1]);
  });

  it('leaves out the session that a delivery is not for', async () => {
    const { subject, taken } = router({ devices: [device('ana', 'n1', 's1'), device('ana', 'n2', 's2')] }, 'n1');
    await subject.route([{ userId: 'ana', frame: 'others', exceptSession: 's1' }]);
    await subject.route([{ userId: 'ana', frame: 'one', onlySession: 's1' }]);
    expect(taken).toEqual([
      { nodeId: 'n2', frame: 'others' },
      { nodeId: 'n1', frame: 'one' },
    ]);
  });

  it('C5: hands deliveries on in the order of the calls, also when an earlier one has more to look up', async () => {
    const devices = Array.from({ length: 40 }, (_, n) => device(`u${n}`, 'n2'));
    const { subject, taken } = router({ devices });
    const wide = subject.route(devices.map(({ userId }) => ({ userId, frame: '1' })));
    const narrow = subject.route([{ userId: 'u0', frame: '2' }]);
    await Promise.all([wide, narrow]);
    expect(taken.at(-1)).toEqual({ nodeId: 'n2', frame: '2' });
  });

  it('C16: keeps nothing of what it has handed on', async () => {
    const { subject } = router({ devices: [] });
    const routed = async (calls: number) => {
      for (let n = 0; n < calls; n++) await subject.route([{ userId: 'nobody', frame: 'x' }]);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await routed(1_000);
    expect((await routed(20_000)) - before).toBeLessThan(1_000_000);
  });

  it('never rejects: a registry or a node that fails is nobody reached, and the next call goes on', async () => {
    const taken: string[] = [];
    let failing = true;
    const registry = { live: async () => (failing ? Promise.reject(new Error('away')) : [nodeInfo('n2')]) };
    const directory = new NodeDirectory({ registry: registry as unknown as NodeRegistry, clock: createManualClock() });
    directory.find = () => Promise.reject(new TypeError('a fault of ours'));
    const subject = new DeliveryRouter({
      presence: {
        lookup: async (ids: readonly string[]) => ids.map((id) => [device(id, id === 'ann' ? 'n1' : 'n2')]),
      } as unknown as Presence,
      peers: { deliver: async () => [1] } as unknown as PeerLink,
      groupNodes: { nodesOf: async (groups) => groups.map(() => []) },
      directory,
      logger: silentLogger,
      local: {
        nodeId: 'n1',
        deliver(items) {
          if (failing) throw new RangeError('a fault of ours');
          taken.push(...items.map(({ frame }) => frame));
          return items.map(() => 1);
        },
      },
    });
    expect(await subject.route([{ userId: 'ann', frame: 'one' }])).toEqual([0]);
    expect(await subject.route([{ userId: 'bob', frame: 'two' }])).toEqual([0]);
    failing = false;
    expect(await subject.route([{ userId: 'ann', frame: 'three' }])).toEqual([1]);
    expect(taken).toEqual(['three']);
  });
});
