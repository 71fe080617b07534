import { decodeRegistration, incarnationMark, sessionMark } from './entry-codec.ts';
import type { Keys } from './keys.ts';
import { LEFT } from './node-scripts.ts';
import { TAKE } from './presence-scripts.ts';
import type { RedisLink } from './redis-link.ts';

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
