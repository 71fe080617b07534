import type { Clock } from '@chasqui/domain';
import { decodeRegistration, incarnationMark, sessionMark } from './entry-codec.ts';
import { KEEP_MS, type Keys } from './keys.ts';
import { TOUCH } from './presence-scripts.ts';
import type { RedisLink } from './redis-link.ts';

/** Entries prolonged per page. */
const PAGE = 500;
/** Between two pages of a node, milliseconds. A million entries take a tenth of the time that they are kept. */
const PAUSE_MS = 60_000;

interface Round {
  /** Where the next page begins. */
  after: string;
  /** Monotonic ms. */
  dueAt: number;
}

/**
 * Keeps the entries of this process's nodes from expiring while their sessions last, one page at a time, after
 * renewals. Removes names without an entry from a node's list, which an interrupted call may leave behind.
 */
export class PresenceTouch {
  readonly #link: RedisLink;
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #rounds = new Map<string, Round>();
  /** Registrations in flight, which may be listed before their entry exists. */
  readonly underWay = new Set<string>();

  constructor(link: RedisLink, keys: Keys, clock: Clock) {
    this.#link = link;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Never rejects; failed work is retried a minute later. */
  soon(nodeId: string): void {
    const now = this.#clock.monotonic();
    const round = this.#rounds.get(nodeId) ?? { after: '-', dueAt: now + PAUSE_MS };
    this.#rounds.set(nodeId, round);
    if (round.dueAt > now) return;
    round.dueAt = now + PAUSE_MS;
    void this.page(nodeId, round).catch(() => {});
  }

  /** The node is gone, or belongs to another process. */
  forget(nodeId: string): void {
    this.#rounds.delete(nodeId);
  }

  /** Prolongs one page and advances the round. Errors: `presence_unavailable`. */
  async page(nodeId: string, round: Pick<Round, 'after'>): Promise<void> {
    const set = this.#keys.node(nodeId);
    const members = await this.#link.call((client) => client.zrangebylex(set, round.after, '+', 'LIMIT', 0, PAGE));
    const held = await Promise.all(members.map((member) => this.#prolong(member)));
    const stale = members.filter((member, index) => held[index] === false && !this.underWay.has(member));
    if (stale.length > 0) await this.#link.call((client) => client.zrem(set, ...stale));
    await this.#link.call((client) => client.pexpire(set, KEEP_MS.presence));
    round.after = members.length < PAGE ? '-' : `(${members.at(-1)}`;
  }

  async #prolong(member: string): Promise<boolean> {
    const { userId, deviceId, sessionId, incarnation } = decodeRegistration(member);
    const args = [deviceId, sessionMark(sessionId), incarnationMark(incarnation), KEEP_MS.presence];
    return (await this.#link.call((client) => TOUCH(client, [this.#keys.user(userId)], args))) === 1;
  }
}
