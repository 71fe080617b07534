import { decodeRegistration, incarnationMark, sessionMark } from './entry-codec.ts';
import type { Keys } from './keys.ts';
import { LEFT } from './node-scripts.ts';
import { TAKE } from './presence-scripts.ts';
import type { RedisLink } from './redis-link.ts';

/** Entries removed in one go. */
const PAGE = 500;

/**
 * Removes a node's entries up to an incarnation, page by page, each only if it is still the one that the node listed: what
 * a node that came back registers meanwhile is of a later incarnation and stays. One that breaks off is taken up
 * again, as the node stays noted as leaving until all are gone. Errors: `presence_unavailable`.
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
