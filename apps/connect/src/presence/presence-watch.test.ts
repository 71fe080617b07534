import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS, type DevicePresence, type Limits } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { Connection, Presence } from '@chasqui/ports';
import { describe, expect, it } from 'vitest';
import { Session } from '../sessions/session.ts';
import { SessionRegistry } from '../sessions/session-registry.ts';
import { PresenceWatch, tellPresence } from './presence-watch.ts';

function watched(limits: Partial<Limits> = {}) {
  const clock = createManualClock();
  const sent: { userId: string; online: boolean }[] = [];
  const connection = {
    id: 'c',
    subprotocol: '',
    send: (text: string) => {
      const { userId, online } = JSON.parse(text);
      sent.push({ userId, online });
      return 'sent' as const;
    },
  } as Partial<Connection> as Connection;
  const sessions = new SessionRegistry();
  const sessionOf = (userId: string) => {
    const one = new Session(connection, 's', 0);
    one.userId = userId;
    sessions.add(one);
    return one;
  };
  const session = sessionOf('ann');
  const online = new Set<string>();
  const looked: number[] = [];
  const presence = {
    async lookup(users: readonly string[]) {
      looked.push(users.length);
      return users.map((userId) => (online.has(userId) ? [{ userId } as DevicePresence] : []));
    },
  } as Partial<Presence> as Presence;
  const watch = new PresenceWatch({
    presence,
    sessions,
    clock,
    limits: { ...DEFAULT_LIMITS, ...limits },
    logger: silentLogger,
  });
  watch.start();
  return { clock, session, sessionOf, sent, online, looked, watch };
}

describe('the watch over presence', () => {
  it('tells each session once when a watched user comes and when the user goes', async () => {
    await using world = watching();
    const { clock, session, sent, online } = world;
    session.watchedUsers = new Map([['ben', false]]);
    await clock.advance(10_000);
    expect(sent).toEqual([]);
    online.add('ben');
    await clock.advance(10_000);
    online.delete('ben');
    await clock.advance(10_000);
    expect(sent).toEqual([
      { userId: 'ben', online: true },
      { userId: 'ben', online: false },
    ]);
  });

  it('tells of one who left between the answer to the subscription and the first look', async () => {
    await using world = watching();
    const { clock, session, sent } = world;
    session.watchedUsers = new Map([['ben', null]]);
    tellPresence(session, new Map([['ben', true]]), clock.now());
    await clock.advance(DEFAULT_LIMITS.presencePollMs);
    expect(sent.map(({ online }) => online)).toEqual([true, false]);
  });

  /** Opens `sessions` sessions of one user, each of which watches different users. */
  const flood = (world: ReturnType<typeof watched>, userId: string, sessions: number, each = 200) => {
    for (let i = 0; i < sessions; i++) {
      const names = Array.from({ length: each }, (_, n) => [`${userId}-${i}-${n}`, false] as const);
      world.sessionOf(userId).watchedUsers = new Map(names);
    }
  };

  it('C16: one user with 100 devices that watch 200 users each keeps nobody from being told in the same round', async () => {
    await using world = watching();
    const { clock, sessionOf, sent, online, looked } = world;
    flood(world, 'attacker', 100);
    const late = sessionOf('late');
    late.watchedUsers = new Map([['friend', false]]);
    online.add('friend');
    await clock.advance(DEFAULT_LIMITS.presencePollMs);
    expect(sent).toEqual([{ userId: 'friend', online: true }]);
    expect(looked).toEqual([DEFAULT_LIMITS.maxWatchedPerUser + 1]);
  });

  it('C16: where many users fill a round together, those who were left out come first in the next', async () => {
    await using world = watching({ maxWatchedUsers: 50, maxWatchedPerUser: 20 });
    const { clock, sessionOf, sent, online, looked } = world;
    for (let i = 0; i < 12; i++) flood(world, `user-${i}`, 2, 10);
    sessionOf('late').watchedUsers = new Map([['friend', false]]);
    for (let i = 0; i < 12; i++) online.add(`user-${i}-1-9`);
    online.add('friend');
    // 241 users, at most 50 per round.
    await clock.advance(DEFAULT_LIMITS.presencePollMs * 5);
    expect(sent.map(({ userId }) => userId)).toContain('friend');
    expect(new Set(sent.map(({ userId }) => userId)).size).toBe(13);
    expect(Math.max(...looked)).toBeLessThanOrEqual(50);
  });

  it('C16: of one user who watches more than a share, each device has its turn', async () => {
    await using world = watching({ maxWatchedUsers: 1_000, maxWatchedPerUser: 20 });
    const { clock, sent, online } = world;
    flood(world, 'ann', 6, 10);
    for (let i = 0; i < 6; i++) online.add(`ann-${i}-0`);
    await clock.advance(DEFAULT_LIMITS.presencePollMs * 3);
    expect(sent.map(({ userId }) => userId)).toEqual(Array.from({ length: 6 }, (_, i) => `ann-${i}-0`));
  });
});

function watching(limits: Partial<Limits> = {}) {
  const world = watched(limits);
  return { ...world, [Symbol.asyncDispose]: () => world.watch[Symbol.asyncDispose]() };
}
