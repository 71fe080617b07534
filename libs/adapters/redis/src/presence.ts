import type { DevicePresence, UserId } from '@chasqui/domain';
import { type Presence, STALE_LOGIN_MS } from '@chasqui/ports';
import {
  decodeEntry,
  decodeRegistration,
  encodeEntry,
  type KeptEntry,
  registrationOf,
  sessionMark,
} from './entry-codec.ts';
import type { Incarnations } from './incarnations.ts';
import { KEEP_MS, type Keys } from './keys.ts';
import type { LeaseView } from './lease-view.ts';
import { FIND, LIST, PUT, TAKE } from './presence-scripts.ts';
import type { PresenceTouch } from './presence-touch.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisPresenceOptions {
  link: RedisLink;
  keys: Keys;
  leases: LeaseView;
  incarnations: Incarnations;
  touch: PresenceTouch;
}

/**
 * Presence in Redis: a hash of devices per user, and a list of registrations per node. The two are on different nodes
 * of a cluster, so only the hash is authoritative, and a list may contain outdated names.
 */
export function createRedisPresence({ link, keys, leases, incarnations, touch }: RedisPresenceOptions): Presence {
  /** The entries whose node's lease is valid, list by list. */
  const live = async (lists: readonly KeptEntry[][]): Promise<DevicePresence[][]> => {
    const stand = await leases.stand(lists.flat().map(({ entry, incarnation }) => ({ ...entry, incarnation })));
    let index = 0;
    return lists.map((list) => list.filter(() => stand[index++]).map(({ entry }) => entry));
  };
  /** A name that stays in the list by mistake is removed when `PresenceTouch` goes through the node's entries. */
  const unlist = (kept: KeptEntry): Promise<unknown> =>
    link.call((client) => client.zrem(keys.node(kept.entry.nodeId), registrationOf(kept))).catch(() => {});

  /** Any entry is replaced that began by `stale`, or whose node's lease has ended. */
  const put = async (kept: KeptEntry, stale: number): Promise<[KeptEntry | null, string[] | undefined]> => {
    const { userId, deviceId } = kept.entry;
    const args = [deviceId, encodeEntry(kept), KEEP_MS.presence, stale];
    const [old, all] = await link.call((client) => PUT(client, [keys.user(userId)], args));
    const former = old === null ? null : decodeEntry(userId, deviceId, old);
    if (all !== undefined || former === null) return [former, all];
    const [[stands] = []] = await live([[former]]);
    return stands === undefined ? put(kept, former.entry.since) : [former, undefined];
  };

  return {
    async register(entry) {
      const { userId, deviceId, sessionId, nodeId } = entry;
      const kept = { entry, incarnation: incarnations.of(nodeId) };
      const registration = registrationOf(kept);
      touch.underWay.add(registration);
      try {
        const [[replaced, all]] = await Promise.all([
          put(kept, entry.since + STALE_LOGIN_MS),
          link.call((client) => LIST(client, [keys.node(nodeId)], [registration, KEEP_MS.presence])),
        ]);
        if (all === undefined) {
          await unlist(kept);
          return { others: [], replaced: null, newer: replaced?.entry ?? null };
        }
        if (replaced !== null && registrationOf(replaced) !== registration) await unlist(replaced);
        const [others = []] = await live([decodeAll(userId, all).filter((other) => other.entry.deviceId !== deviceId)]);
        const other = replaced?.entry.sessionId === sessionId ? null : (replaced?.entry ?? null);
        return { others, replaced: other, newer: null };
      } finally {
        touch.underWay.delete(registration);
      }
    },
    async unregister({ userId, deviceId, sessionId }) {
      const args = [deviceId, sessionMark(sessionId), ''];
      const taken = await link.call((client) => TAKE(client, [keys.user(userId)], args));
      if (taken === null) return false;
      await unlist(decodeEntry(userId, deviceId, taken));
      return true;
    },
    async lookup(userIds) {
      const found = await link.call((client) =>
        Promise.all(link.groups(userIds).map((group) => FIND(client, group.map(keys.user), []))),
      );
      return live(found.flat().map((pairs, index) => decodeAll(userIds[index] ?? '', pairs)));
    },
    async onNode(nodeId, cursor, limit) {
      const from = cursor === null ? '-' : `(${cursor}`;
      const members = await link.call((client) =>
        client.zrangebylex(keys.node(nodeId), from, '+', 'LIMIT', 0, limit + 1),
      );
      const page = members.slice(0, limit);
      const found = await link.call((client) =>
        Promise.all(
          page.map(async (member) => {
            const { userId, deviceId } = decodeRegistration(member);
            const value = await client.hget(keys.user(userId), deviceId);
            return value === null ? null : decodeEntry(userId, deviceId, value);
          }),
        ),
      );
      const entries = found.flatMap((kept, index) =>
        kept !== null && registrationOf(kept) === page[index] ? [kept.entry] : [],
      );
      return { entries, cursor: members.length > limit ? (page.at(-1) ?? null) : null };
    },
    async ping() {
      await link.call((client) => client.ping());
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Decodes devices and values, alternating. */
function decodeAll(userId: UserId, pairs: readonly string[]): KeptEntry[] {
  const entries: KeptEntry[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) entries.push(decodeEntry(userId, pairs[i] ?? '', pairs[i + 1] ?? ''));
  return entries;
}
