import { createManualClock } from '@chasqui/contracts';
import { ImError, type NodeInfo } from '@chasqui/domain';
import { NO_SESSION } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { MembershipNotices } from './membership-notices.ts';

/** Node `one` subscribed to the group, bob is connected to `two`; `three` has nothing to do with them. */
function nodes() {
  const clock = createManualClock();
  const live = new Set(['one', 'two', 'three']);
  const told: string[] = [];
  const away = new Set<string>();
  let isPresenceAway = false;
  let isRead = true;
  const infoOf = (nodeId: string) => ({ nodeId }) as NodeInfo;
  const subject = new MembershipNotices({
    clock,
    groupNodes: {
      async nodesOf(groups) {
        if (isPresenceAway) throw new ImError('presence_unavailable', 'away');
        return groups.map(() => ['one', 'dead']);
      },
    },
    presence: {
      lookup: async (users) => users.map((userId) => (userId === 'bob' ? [{ nodeId: 'two' } as never] : [])),
    },
    directory: {
      get isRead() {
        return isRead;
      },
      all: async () => [...live].map(infoOf),
      find: async (nodeId) => (live.has(nodeId) ? infoOf(nodeId) : undefined),
    },
    peers: {
      async deliver({ nodeId }, deliveries) {
        if (away.has(nodeId)) throw new ImError('peer_unavailable', 'away');
        expect(deliveries).toMatchObject([{ group: 'team', membersChanged: ['bob', 'cat'], onlySession: NO_SESSION }]);
        told.push(nodeId);
        return [0];
      },
    },
  });
  const tell = () => subject.tell('team', ['bob', 'cat'], 5_000);
  const setPresenceAway = ({ knowsNodes = true } = {}) => {
    isPresenceAway = true;
    isRead = knowsNodes;
  };
  return { clock, live, told, away, tell, setPresenceAway };
}

test('C20: the nodes of the group and of the users concerned are told, each once, and no others', async () => {
  const { told, tell } = nodes();
  await tell();
  expect(told.toSorted()).toEqual(['one', 'two']);
});

test('C20: while presence is unavailable, every node is told', async () => {
  const { told, tell, setPresenceAway } = nodes();
  setPresenceAway();
  await tell();
  expect(told.toSorted()).toEqual(['one', 'three', 'two']);
});

test('C20: a process that never knew the nodes tells nobody while presence is away, and does not say that it did', async () => {
  const { clock, told, tell, setPresenceAway } = nodes();
  setPresenceAway({ knowsNodes: false });
  const refused = expect(tell()).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await clock.advance(5_000);
  await refused;
  expect(told).toEqual([]);
});

test('C20: a node that does not answer is told again until it answers, or has died', async () => {
  const { clock, live, told, away, tell } = nodes();
  away.add('two');
  const states: string[] = [];
  const telling = tell().then(() => states.push('told'));
  await clock.advance(1_000);
  expect([states, told.includes('two')]).toEqual([[], false]);
  away.delete('two');
  await clock.advance(200);
  expect([states, told.includes('two')]).toEqual([['told'], true]);
  await telling;
  away.add('two');
  const again = tell().then(() => states.push('again'));
  await clock.advance(1_000);
  expect(states).toEqual(['told']);
  live.delete('two');
  await clock.advance(200);
  await again;
});

test('C20: if a live node does not answer in time, the caller learns that it must ask again', async () => {
  const { clock, away, tell } = nodes();
  away.add('one');
  const refused = expect(tell()).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await clock.advance(5_000);
  await refused;
});
