import { Business, type BusinessOptions } from '@chasqui/app-business/core';
import { CONVERSATION_TOPIC, inboxOf, PUSH_TOPIC, SEARCH_TOPIC, type StoredMessage } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { eventsOf } from '../business/events.ts';
import { FaultyProcess } from '../business/faulty-process.ts';
import { expectSound, history, inbox, statusesOf, truthOf } from '../business/final-state.ts';
import { House } from '../business/house.ts';
import { lastRelease } from './last-release.ts';
import { Load } from './load.ts';
import { nextRelease, several } from './next-release.ts';

const HALF_AN_HOUR_MS = 1_800_000;

type Version = (options: BusinessOptions) => AsyncDisposable;
const thisVersion: Version = (options) => new Business(options);

/** Enough for each conversation to have a separate shard. */
async function opened(): Promise<{ house: House; load: Load; start: (version: Version) => FaultyProcess }> {
  const house = new House({ shards: 8 });
  await house.connect('ann', 'bob');
  return { house, load: new Load(house), start: (version) => house.start(new FaultyProcess(), version) };
}

async function letters(house: House): Promise<object[]> {
  const groups = [
    [CONVERSATION_TOPIC, 'business'],
    [SEARCH_TOPIC, 'datasync'],
    [PUSH_TOPIC, 'test'],
  ] as const;
  return (await Promise.all(groups.map(([topic, group]) => house.bus.deadLetters(topic, group, 100)))).flat();
}

/** The final state: each message once, and no dead letters. */
async function ended({ house, load }: { house: House; load: Load }) {
  await house.quiet();
  expect(await letters(house)).toEqual([]);
  // Confirmations are on other shards than their conversations: their receipts may be announced after higher ones.
  await expectSound(house, { zombie: true });
  expect((await history(house)).map(({ clientMessageId }) => clientMessageId).sort()).toEqual(load.names.sort());
  await expectUnseen({ house, load });
  const stored = (await history(house)).flatMap(({ steps }) => steps.filter(({ state }) => state === 'storing'));
  return {
    truth: await truthOf(house),
    statuses: await statusesOf(house),
    nodes: new Set(stored.map(({ node }) => node)),
  };
}

/** A silently blocked message reaches its receiver by no path: inbox, live frames, offline cache, search. */
async function expectUnseen({ house, load }: { house: House; load: Load }): Promise<void> {
  const byName = new Map((await history(house)).map((message) => [message.clientMessageId, message]));
  const shown = house.shown.map(({ userId, frame }) => `${userId} ${JSON.stringify(frame)}`);
  expect(new Set(load.silenced.map(({ receiver }) => receiver))).toEqual(new Set(['ann', 'cid']));
  for (const { message, receiver } of load.silenced) {
    const { clientMessageId: name, from } = message;
    const stored = byName.get(name) as StoredMessage;
    expect(stored.audience, name).toEqual([inboxOf(from)]);
    const entries = await inbox(house, receiver);
    expect(entries.filter((entry) => entry.type === 'message' && entry.clientMessageId === name)).toEqual([]);
    const ids = [message.messageId, stored.messageId];
    expect(shown.filter((frame) => frame.startsWith(receiver) && ids.some((id) => frame.includes(id)))).toEqual([]);
    expect(await house.offlineCache.get(receiver, ids), name).toEqual([null, null]);
    const hits = await house.search.search({ logs: [receiver], text: name, limit: 100 });
    expect(hits.filter(({ messageId }) => ids.includes(messageId))).toEqual([]);
  }
}

/** 761e052 does not record which node a reader was connected to. */
function withoutReadersNode(truth: Awaited<ReturnType<typeof truthOf>>) {
  const conversations = truth.conversations
    .flat()
    .map(({ read: { node: _, ...read }, ...entry }) => ({ ...entry, read }));
  return { ...truth, conversations };
}

/** kill -9 in the middle of its next work. Returns a check that the step was its last, except for steps in parallel. */
function kill(process: FaultyProcess): () => void {
  const step = process.steps.length + 2;
  process.arm({ step, trouble: 'dies-after' });
  return () => {
    expect(process.steps.length).toBeGreaterThan(step);
    expect(process.steps.length).toBeLessThan(step + 8);
  };
}

test('C3, C7, C8, C10: 761e052 and this version side by side, upgraded and rolled back, leave what one process does', async () => {
  const calm = await opened();
  calm.start(thisVersion);
  for (let n = 0; n < 6; n++) await calm.load.publish({ former: true });

  const mixed = await opened();
  const { house, load, start } = mixed;
  const old = start(lastRelease);
  old.arm({ step: 7, trouble: 'refused' });
  await load.publish({ former: true });
  const upgraded = start(thisVersion);
  upgraded.arm({ step: 7, trouble: 'refused' });
  await load.publish({ former: true });
  const oldIsDead = kill(old);
  await load.publish({ former: true });
  const back = start(lastRelease);
  await load.publish({ former: true });
  const upgradedIsDead = kill(upgraded);
  await load.publish({ former: true });
  start(thisVersion);
  await house.stop(back);
  await load.publish({ former: true });

  oldIsDead();
  upgradedIsDead();
  const expected = await ended(calm);
  const { nodes, truth, statuses } = await ended(mixed);
  expect(withoutReadersNode(truth)).toEqual(withoutReadersNode(expected.truth));
  expect(statuses).toEqual(expected.statuses);
  expect([...nodes].sort()).toEqual(['business-1', 'business-2', 'business-3', 'business-4']);
});

test('a Business process of 761e052 stores a forward as it came', async () => {
  await using house = new House();
  await house.connect('ann', 'bob');
  house.start(new FaultyProcess(), lastRelease);
  const forwarded = { from: 'cid', at: 7 };
  const event = eventsOf(house).message('ann', 'bob', 'words', { forwarded });
  await house.publish([event]);
  await house.quiet();
  expect(await house.messages.get([event.encoded.message])).toMatchObject([{ content: { text: 'words' }, forwarded }]);
});

describe('this version beside a later one, whose events it does not know', () => {
  async function rolledBack(forMs: number) {
    const mixed = await opened();
    const { house, load, start } = mixed;
    const old = start(thisVersion);
    await load.publish();
    const upgraded = start(nextRelease);
    await load.publish({ newer: true });
    const oldIsDead = kill(old);
    await load.publish({ newer: true });
    const upgradedIsDead = kill(upgraded);
    const back = start(thisVersion);
    await load.publish({ newer: true });
    await load.publish({ newer: true });
    await house.clock.advance(forMs);
    start(nextRelease);
    await house.stop(back);
    await load.publish({ newer: true });
    oldIsDead();
    upgradedIsDead();
    return ended(mixed);
  }

  test('C3, C7, C8, C10: an upgrade that is rolled back and made again leaves what the later one alone does', async () => {
    const calm = await opened();
    calm.start(nextRelease);
    await calm.load.publish();
    for (let n = 0; n < 5; n++) await calm.load.publish({ newer: true });
    const { truth, statuses } = await ended(calm);
    const { nodes: _, ...left } = await rolledBack(0);
    expect(left).toEqual({ truth, statuses });
  });

  test('C3, C8, C10: so it is after a long rollback, but that receipts and recalls may be too early for their messages', async () => {
    const { nodes } = await rolledBack(HALF_AN_HOUR_MS);
    expect([...nodes].sort()).toEqual(['business-1', 'business-2', 'business-3', 'business-4']);
  });
});

test('C3: 761e052 puts a type that it does not know into the dead letters: this version writes none', async () => {
  const { house, start } = await opened();
  start(lastRelease);
  await house.publish([JSON.stringify(several('ann~bob', []))]);
  await house.quiet();
  expect(await letters(house)).toMatchObject([{ error: 'invalid_request: unknown event type several' }]);
});
