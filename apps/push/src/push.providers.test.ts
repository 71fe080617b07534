import { defined } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import type { SendResult } from './push-sender.ts';
import { pushWorld } from './testing/fixture.ts';

const device = (reason: string, afterMs?: number): SendResult => ({
  type: 'retry',
  reason,
  scope: 'device',
  ...defined({ afterMs }),
});
const down: SendResult = { type: 'retry', reason: 'ServiceUnavailable', scope: 'provider', afterMs: 30_000 };

/** A provider that answers when the test says so. */
function slowAnswer() {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  return { answer: () => promise, resolve };
}

const accepted = { deviceId: 'phone', result: 'accepted', reason: 'sent', provider: 'apns', attempts: 1 };

describe('what a provider answers', () => {
  test('C17: a dead token is refused and removed, for this device alone', async () => {
    const { register, stored, publish, outcomes, clock, senders, engines } = pushWorld();
    await register('apns');
    await register('apns', { deviceId: 'tablet', token: 'alive' });
    senders.apns.answers.push(async () => ({ type: 'accepted' }), { type: 'dead', reason: 'Unregistered' });
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    const results = new Map((await outcomes(task)).map((one) => [one.deviceId, [one.result, one.reason]]));
    const [dead] = [...results].find(([, [result]]) => result === 'refused') ?? [];
    expect([...results.values()].sort()).toEqual([
      ['accepted', 'sent'],
      ['refused', 'Unregistered'],
    ]);
    const [devices = []] = await engines.devices.list(['bob']);
    for (const one of devices) expect(one.registrations).toHaveLength(one.deviceId === dead ? 0 : 1);
  });

  test('C17: a token that was registered after it was found dead stays', async () => {
    const { register, stored, publish, clock, senders, engines } = pushWorld();
    await register('apns');
    senders.apns.answers.push({ type: 'dead', reason: 'Unregistered', since: clock.now() - 1 });
    await publish(await stored('hello'));
    await clock.advance(2_000);
    expect((await engines.devices.list(['bob']))[0]?.[0]?.registrations).toHaveLength(1);
  });

  test('C17: a refusal of the notification keeps the token', async () => {
    const { register, stored, publish, outcomes, clock, senders, engines } = pushWorld();
    await register('apns');
    senders.apns.answers.push({ type: 'refused', reason: 'PayloadTooLarge' });
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'refused', reason: 'PayloadTooLarge', attempts: 1 }]);
    expect((await engines.devices.list(['bob']))[0]?.[0]?.registrations).toHaveLength(1);
  });

  test('C17: it is tried again no sooner than the provider said, and counts its requests', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld();
    await register('apns');
    senders.apns.answers.push(device('TooManyRequests', 20_000), device('InternalServerError'));
    const task = await stored('hello');
    await publish(task);
    await clock.advance(19_900);
    expect(senders.apns.sent).toHaveLength(1);
    expect(await outcomes(task)).toEqual([]);
    await clock.advance(3_000);
    expect(senders.apns.sent).toHaveLength(2);
    await clock.advance(15_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'accepted', attempts: 3 }]);
  });

  test('C17: after the last try it is given up with the last reason', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ settings: { maxAttempts: 3 } });
    await register('apns');
    for (let i = 0; i < 9; i++) senders.apns.answers.push(device('InternalServerError'));
    const task = await stored('hello');
    await publish(task);
    await clock.advance(120_000);
    expect(await outcomes(task)).toMatchObject([
      { result: 'given_up', reason: 'InternalServerError', provider: 'apns', attempts: 3 },
    ]);
    expect(senders.apns.sent).toHaveLength(3);
  });

  test('what changes between two tries counts: a message that was confirmed is not told any more', async () => {
    const { register, stored, publish, outcomes, clock, senders, engines } = pushWorld();
    await register('apns');
    senders.apns.answers.push(device('InternalServerError'));
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    await engines.messages.raise([{ ...task, member: 'bob', status: 'delivered', at: 1, node: 'n' }]);
    await clock.advance(20_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'not_needed', reason: 'confirmed', attempts: 1 }]);
    expect(senders.apns.sent).toHaveLength(1);
  });

  test('a provider that serves nobody is left alone as long as it said; its tasks wait without a request', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld();
    await register('apns');
    senders.apns.answers.push(down);
    const first = await stored('hello');
    await publish(first);
    await clock.advance(2_000);
    const second = await stored('x', 'cat');
    await publish(second);
    await clock.advance(25_000);
    expect(senders.apns.sent).toHaveLength(1);
    await clock.advance(20_000);
    expect(await outcomes(first)).toMatchObject([{ result: 'accepted', attempts: 2 }]);
    expect(await outcomes(second)).toMatchObject([{ result: 'accepted', attempts: 1 }]);
  });
});

describe('a slow provider', () => {
  test('holds up nobody: others are told meanwhile, and a late answer is the outcome', async () => {
    const { register, stored, publish, outcomes, clock, senders, waiting } = pushWorld({ providers: ['apns', 'fcm'] });
    await register('apns');
    await register('fcm', { userId: 'cat', deviceId: 'cat-phone' });
    const slow = slowAnswer();
    senders.apns.answers.push(slow.answer);
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    const other = await stored('x', 'ann', 'cat');
    await publish(other);
    await clock.advance(2_000);
    expect(await outcomes(other)).toMatchObject([{ result: 'accepted', provider: 'fcm' }]);
    expect(await outcomes(task)).toEqual([]);
    slow.resolve({ type: 'accepted' });
    await clock.advance(100);
    expect(await outcomes(task)).toEqual([accepted]);
    await clock.advance(30_000);
    expect(senders.apns.sent).toHaveLength(1);
    expect(await waiting()).toBe(0);
  });

  test('C17: a process that ends while it waits for the answer leaves the task to another one', async () => {
    const { register, stored, publish, outcomes, clock, senders, restart } = pushWorld();
    await register('apns');
    senders.apns.answers.push(() => new Promise(() => {}));
    const task = await stored('hello');
    await publish(task);
    await clock.advance(3_000);
    await restart();
    await clock.advance(30_000);
    expect(senders.apns.sent.map(({ collapseId }) => collapseId)).toEqual([
      senders.apns.sent[0]?.collapseId,
      senders.apns.sent[0]?.collapseId,
    ]);
    expect(await outcomes(task)).toMatchObject([{ result: 'accepted', attempts: 2 }]);
  });

  test('C16: no more requests are under way than the bound; the others come later', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ settings: { maxInFlight: 2 } });
    const answers = [1, 2, 3].map(() => slowAnswer());
    for (const { answer } of answers) senders.apns.answers.push(answer);
    const tasks = [];
    for (const userId of ['u1', 'u2', 'u3']) {
      await register('apns', { userId, token: userId });
      tasks.push(await stored('x', 'ann', userId));
    }
    await publish(...tasks);
    await clock.advance(2_000);
    expect(senders.apns.sent).toHaveLength(2);
    for (const { resolve } of answers) resolve({ type: 'accepted' });
    await clock.advance(10_000);
    expect(senders.apns.sent).toHaveLength(3);
    for (const task of tasks) expect(await outcomes(task)).toMatchObject([{ result: 'accepted', attempts: 1 }]);
  });

  test('C17: an answer that never comes counts as a try; after the last the task is given up', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ settings: { maxAttempts: 2 } });
    await register('apns');
    const never = () => new Promise<SendResult>(() => {});
    senders.apns.answers.push(never, never, never);
    const task = await stored('hello');
    await publish(task);
    await clock.advance(60_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'given_up', reason: 'timeout', attempts: 2 }]);
    expect(senders.apns.sent).toHaveLength(2);
  });
});

describe('e-mail', () => {
  test('a conversation makes one e-mail in a while, and each message its outcome', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ providers: ['email'] });
    await register('email', { deviceId: 'mail', token: 'bob@example.org' });
    const tasks = [];
    for (let i = 0; i < 3; i++) {
      const task = await stored('hello');
      tasks.push(task);
      await publish(task);
      await clock.advance(60_000);
    }
    expect(senders.email.sent).toHaveLength(1);
    const reasons = await Promise.all(tasks.map(async (task) => (await outcomes(task))[0]?.reason));
    expect(reasons).toEqual(['sent', 'collapsed', 'collapsed']);
    await clock.advance(15 * 60_000);
    await publish(await stored('later'));
    await clock.advance(2_000);
    expect(senders.email.sent).toHaveLength(2);
  });

  test('C17: one that failed is tried again though another was meant to be recent', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ providers: ['email'] });
    await register('email', { deviceId: 'mail', token: 'bob@example.org' });
    senders.email.answers.push(device('smtp 451'));
    const task = await stored('hello');
    await publish(task);
    await clock.advance(30_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'accepted', attempts: 2 }]);
  });
});

describe('without a store', () => {
  test('C17: nothing is told that could not be recorded, and all is ended when the store is back', async () => {
    let away = true;
    const world = pushWorld({
      spoil: ({ pushOutcomes }) => ({
        pushOutcomes: {
          ...pushOutcomes,
          list: (ids) => (away ? Promise.reject(new Error('away')) : pushOutcomes.list(ids)),
        },
      }),
    });
    const { register, stored, publish, outcomes, clock, senders } = world;
    await register('apns');
    const task = await stored('hello');
    await publish(task);
    await clock.advance(20_000);
    expect(senders.apns.sent).toEqual([]);
    away = false;
    await clock.advance(15_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'accepted' }]);
  });

  test('C17: an outcome that could not be recorded at first is recorded in the end, by the same collapse id', async () => {
    let failures = 2;
    const world = pushWorld({
      spoil: ({ pushOutcomes }) => ({
        pushOutcomes: {
          ...pushOutcomes,
          record: (some) => (failures-- > 0 ? Promise.reject(new Error('away')) : pushOutcomes.record(some)),
        },
      }),
    });
    const { register, stored, publish, outcomes, clock, senders } = world;
    await register('apns');
    const task = await stored('hello');
    await publish(task);
    await clock.advance(30_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'accepted' }]);
    expect(new Set(senders.apns.sent.map(({ collapseId }) => collapseId)).size).toBe(1);
  });
});

test('C16: outcomes that are older than the retention are dropped', async () => {
  const { register, stored, publish, outcomes, clock } = pushWorld({ settings: { outcomeRetentionMs: 3_600_000 } });
  await register('apns');
  const task = await stored('hello');
  await publish(task);
  await clock.advance(50 * 60_000);
  expect(await outcomes(task)).toHaveLength(1);
  await clock.advance(25 * 60_000);
  expect(await outcomes(task)).toEqual([]);
});

test('C17: metrics count outcomes and requests by provider', async () => {
  const { register, stored, publish, clock, metrics, senders } = pushWorld();
  await register('apns');
  senders.apns.answers.push(device('TooManyRequests'));
  await publish(await stored('hello'));
  await clock.advance(30_000);
  const { body } = await metrics.expose();
  expect(body).toContain('chasqui_push_outcomes_total{provider="apns",result="accepted",app="push"} 1');
  expect(body).toContain('chasqui_push_requests_total{provider="apns",answer="retry",app="push"} 1');
  expect(body).toContain('chasqui_push_put_back_total{app="push"} 1');
  expect(body).toContain('chasqui_push_in_flight{app="push"} 0');
});
