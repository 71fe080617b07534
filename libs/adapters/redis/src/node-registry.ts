import { ImError, type NodeInfo } from '@chasqui/domain';
import type { NodeRegistry } from '@chasqui/ports';
import { decodeRegistration, incarnationMark, sessionMark } from './entry-codec.ts';
import type { Incarnations } from './incarnations.ts';
import { KEEP_MS, type Keys } from './keys.ts';
import { CLAIM, LEAVE, LIVE, RENEW } from './node-scripts.ts';
import { TAKE } from './presence-scripts.ts';
import type { PresenceTouch } from './presence-touch.ts';
import type { RedisLink } from './redis-link.ts';
import { script } from './script.ts';
import type { ServerRestarts } from './server-restarts.ts';

/**
 * Maximum known nodes, including dead ones (C16). At the bound the node that has been dead for longest is forgotten;
 * without a dead node, new ones are refused.
 */
const MAX_NODES = 10_000;
/** Maximum dead nodes per claim. */
const MAX_CLAIMED = 100;

export interface RedisNodesOptions {
  link: RedisLink;
  restarts: ServerRestarts;
  keys: Keys;
  incarnations: Incarnations;
  touch: PresenceTouch;
  maxNodes?: number;
}

/** Node leases in Redis, judged by the server's own clock: the machines' clocks do not matter. */
export function createRedisNodes({
  link,
  restarts,
  keys,
  incarnations,
  touch,
  maxNodes = MAX_NODES,
}: RedisNodesOptions): NodeRegistry {
  const all = [keys.leases, keys.seen, keys.infos, keys.claims, keys.leaving];

  const leave = async (nodeId: string, onlyDead: boolean): Promise<void> => {
    const args = [nodeId, onlyDead ? '1' : '0', KEEP_MS.nodes];
    const incarnation = await link.call((client) => LEAVE(client, all, args));
    if (incarnation !== null) await removeEntries(link, keys, nodeId, incarnation);
  };

  return {
    async renew(node, leaseMs) {
      const args = [node.nodeId, JSON.stringify(node), leaseMs, maxNodes, KEEP_MS.nodes];
      // If a server lost writes, this lease may have survived while the node's entries did not.
      const mayBeLost = restarts.take();
      const [stood, incarnation] = await link
        .call((client) => RENEW(client, all, args))
        .catch((error) => {
          if (mayBeLost) restarts.putBack();
          throw error;
        });
      if (stood < 0) throw new ImError('presence_unavailable', `the node registry is full (${maxNodes} nodes)`);
      incarnations.set(node.nodeId, incarnation);
      touch.soon(node.nodeId);
      return stood === 1 && !mayBeLost;
    },
    async remove(nodeId) {
      incarnations.delete(nodeId);
      touch.forget(nodeId);
      await leave(nodeId, false);
    },
    async live() {
      return (await link.call((client) => LIVE(client, [keys.leases, keys.seen, keys.infos], []))).map(parse);
    },
    async claimDead(claimMs) {
      const [infos, leaving] = await link.call((client) => CLAIM(client, all, [claimMs, MAX_CLAIMED, KEEP_MS.nodes]));
      for (let i = 0; i + 1 < leaving.length; i += 2) {
        // An earlier removal was interrupted. If this one is too, the next claim resumes it.
        await removeEntries(link, keys, leaving[i] ?? '', leaving[i + 1] ?? '').catch(() => {});
      }
      return infos.map(parse);
    },
    // A node that returned meanwhile has registered its sessions again.
    settle: (nodeId) => leave(nodeId, true),
    async [Symbol.asyncDispose]() {},
  };
}

function parse(text: string): NodeInfo {
  return JSON.parse(text);
}

/** KEYS leaving. ARGV node, incarnation. The node's entries up to that incarnation are removed. */
const LEFT = script<number>(`
local noted = redis.call('HGET', KEYS[1], ARGV[1])
if noted and string.match(noted, '^%d+') == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
`);

/** Entries removed per script. */
const PAGE = 500;

/**
 * Removes a node's entries up to an incarnation, in pages. An entry is removed only if it is still the one that the
 * node listed: entries that a returning node registers meanwhile have a later incarnation and stay. An interrupted
 * removal is resumed, as the node is listed as leaving until all are removed. Errors: `presence_unavailable`.
 */
export async function removeEntries(link: RedisLink, keys: Keys, nodeId: string, incarnation: string): Promise<void> {
  const set = keys.node(nodeId);
  const upTo = Number(incarnation);
  for (let after = '-'; ; ) {
    const from = after;
    const members = await link.call((client) => client.zrangebylex(set, from, '+', 'LIMIT', 0, PAGE));
    const going = members.filter((member) => Number(decodeRegistration(member).incarnation) <= upTo);
    if (going.length > 0) {
      await link.call((client) =>
        Promise.all(going.map((member) => takeAway(member))).then(() => client.zrem(set, ...going)),
      );
    }
    const last = members.at(-1);
    if (last === undefined || members.length < PAGE) break;
    after = `(${last}`;
  }
  await link.call((client) => LEFT(client, [keys.leaving], [nodeId, incarnation]));

  async function takeAway(member: string): Promise<void> {
    const { userId, deviceId, sessionId, incarnation: own } = decodeRegistration(member);
    const marks = [deviceId, sessionMark(sessionId), incarnationMark(own)];
    await link.call((client) => TAKE(client, [keys.user(userId)], marks));
  }
}
