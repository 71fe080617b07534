import type { DevicePresence } from '@chasqui/domain';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { Connection, Presence } from '@chasqui/ports';
import { createManualClock } from '@chasqui/ports/contracts';
import { describe, expect, it } from 'vitest';
import { PresenceWatch, tellPresence } from './presence-watch.ts';
import { Session } from './session.ts';
import { SessionRegistry } from './session-registry.ts';

function watched() {
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
  const session = new Session(connection, 's', 0);
  session.userId = 'ann';
  const sessions = new SessionRegistry();
  sessions.add(session);
  const online = new Set<string>();
  const presence = {
    lookup: async (users: readonly string[]) =>
      users.map((userId) => (online.has(userId) ? [{ userId } as DevicePresence] : [])),
  } as Partial<Presence> as Presence;
  const watch = new PresenceWatch({ presence, sessions, clock, limits: DEFAULT_LIMITS, logger: silentLogger });
  watch.start();
  return { clock, session, sent, online, watch };
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
});

function watching() {
  const world = watched();
  return { ...world, [Symbol.asyncDispose]: () => world.watch[Symbol.asyncDispose]() };
}
