import type { ServerEvent } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { Bench } from './testing/fixture.ts';
import { FAILS } from './testing/receiver.ts';

const HOUR_MS = 3600 * 1000;
/** Where days pass: fewer turns of the clock. */
const SLOW = { pollMs: 60_000, saveMs: 60_000, watchMs: 60_000, retryForMs: 3 * HOUR_MS };
const [A, B, C] = ['ann~bob', 'ann~carl', 'bob~carl'] as const;
const keys = (count: number) => Array.from({ length: count }, (_, n) => `ann~user${n}`);

describe('webhooks', () => {
  test('C3: each event is delivered once, those of a key in their order, from when the endpoint was made', async () => {
    const bench = new Bench();
    bench.start();
    await bench.publish(A);
    await bench.clock.advance(100);
    await bench.endpoint();
    await bench.clock.advance(3_000);
    const ids = await bench.publish(A, B, A, B, A);
    await bench.clock.advance(3_000);
    expect(bench.receiver.takenOf(A)).toEqual([ids[0], ids[2], ids[4]]);
    expect(bench.receiver.takenOf(B)).toEqual([ids[1], ids[3]]);
  });

  test('what the bus delivers again is not delivered again', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    const event = bench.eventOf(1, A);
    for (let n = 0; n < 3; n++) await bench.republish(event);
    await bench.clock.advance(5_000);
    expect(bench.receiver.requests.map(({ id }) => id)).toEqual([event.id]);
  });

  test('an endpoint gets the types that it asked for alone', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint({ types: ['webhook.test'] });
    await bench.clock.advance(3_000);
    await bench.publish(A, B);
    const test = (endpointId: string): ServerEvent => ({
      ...{ id: `test-${endpointId}`, type: 'webhook.test', key: endpointId, at: 1, data: { endpointId } },
    });
    await bench.republish(test('we_1'));
    await bench.republish(test('we_2'));
    await bench.clock.advance(3_000);
    expect(bench.receiver.requests.map(({ id }) => id)).toEqual(['test-we_1']);
  });

  test('C18: a key whose delivery fails waits alone, is tried again with growing waits, and stays in order', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    let isBroken = true;
    bench.receiver.mood = ({ key }) => (key === A && isBroken ? FAILS : { type: 'taken' });
    const ids = await bench.publish(A, B, A, B, A, B);
    await bench.clock.advance(60_000);
    const late = await bench.publish(A, B);
    await bench.clock.advance(10 * 60_000);
    expect(bench.receiver.takenOf(B)).toEqual([ids[1], ids[3], ids[5], late[1]]);
    expect(bench.receiver.takenOf(A)).toEqual([]);
    const asked = bench.receiver.requests.filter(({ key }) => key === A);
    expect(asked.every(({ id }) => id === ids[0])).toBe(true);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(12);
    isBroken = false;
    await bench.clock.advance(20 * 60_000);
    expect(bench.receiver.takenOf(A)).toEqual([ids[0], ids[2], ids[4], late[0]]);
  });

  test('a key at which the receiver hangs delays no other key, and goes on in order', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    let isHanging = true;
    bench.receiver.mood = ({ key }) => (key === A && isHanging ? 'hangs' : { type: 'taken' });
    const ids = await bench.publish(A, B, A);
    await bench.clock.advance(100);
    const late = await bench.publish(B, C);
    await bench.clock.advance(2_500);
    expect(bench.receiver.takenOf(B)).toEqual([ids[1], late[0]]);
    expect(bench.receiver.takenOf(C)).toEqual([late[1]]);
    isHanging = false;
    await bench.clock.advance(60_000);
    expect(bench.receiver.takenOf(A)).toEqual([ids[0], ids[2]]);
  });

  test('an endpoint that hangs delays no other endpoint', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint({ endpointId: 'we_1' });
    await bench.endpoint({ endpointId: 'we_2' });
    await bench.clock.advance(3_000);
    bench.receiver.mood = (_, endpointId) => (endpointId === 'we_1' ? 'hangs' : { type: 'taken' });
    const ids = await bench.publish(...keys(100));
    await bench.clock.advance(1_500);
    expect(bench.receiver.taken.map(({ id }) => id).sort()).toEqual(ids.sort());
    // The requests to the other one are bounded.
    expect(bench.receiver.requests.length).toBeLessThanOrEqual(100 + 16);
  });

  test('C3: a receiver that answers 500 for an hour gets everything afterwards, in order, and was asked seldom', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.receiver.mood = () => FAILS;
    const ids = new Map<string, string[]>();
    for (let n = 0; n < 60; n++) {
      const some = keys(40);
      const published = await bench.publish(...some);
      for (const [i, key] of some.entries()) ids.set(key, [...(ids.get(key) ?? []), published[i] ?? '']);
      await bench.clock.advance(60_000);
    }
    expect(bench.receiver.taken).toEqual([]);
    expect(bench.receiver.requests.length).toBeLessThan(60);
    bench.receiver.mood = () => ({ type: 'taken' });
    await bench.clock.advance(10 * 60_000);
    for (const [key, own] of ids) expect(bench.receiver.takenOf(key)).toEqual(own);
    expect(bench.receiver.taken).toHaveLength(2_400);
  });

  test('C23: who writes what a receiver refuses holds up no conversation of others', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    const refused = { ...FAILS, reason: 'status 400', isOfEvent: true } as const;
    bench.receiver.mood = ({ key }) => (key.startsWith('eve') ? refused : { type: 'taken' });
    await bench.publish(...Array.from({ length: 100 }, (_, n) => `eve~user${n}`));
    await bench.clock.advance(60_000);
    const [id] = await bench.publish(A);
    await bench.clock.advance(1_500);
    expect(bench.receiver.takenOf(A)).toEqual([id]);
  });

  test('Retry-After is honoured for the endpoint as a whole', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.receiver.mood = () => ({ ...FAILS, afterMs: 600_000 });
    await bench.publish(A);
    await bench.clock.advance(1_000);
    bench.receiver.mood = () => ({ type: 'taken' });
    const [id] = await bench.publish(B);
    await bench.clock.advance(590_000);
    expect(bench.receiver.requests).toHaveLength(1);
    await bench.clock.advance(15_000);
    expect(bench.receiver.takenOf(B)).toEqual([id]);
    expect(bench.receiver.takenOf(A)).toHaveLength(1);
  });

  test('what is not taken in the time for it is a dead letter, can be seen, and is sent again when asked', async () => {
    const bench = new Bench();
    bench.start(SLOW);
    await bench.endpoint();
    await bench.clock.advance(60_000);
    bench.receiver.mood = ({ key }) => (key === A ? FAILS : { type: 'taken' });
    const ids = await bench.publish(A, A);
    for (let half = 0; half < 8; half++) {
      await bench.publish(B);
      await bench.clock.advance(HOUR_MS / 2);
    }
    const letters = () => bench.stores.webhooks.deadLetters('we_1', { after: 0, limit: 9 });
    expect(await letters()).toMatchObject(ids.map((id) => ({ event: { id }, error: 'status 500' })));
    bench.receiver.mood = () => ({ type: 'taken' });
    const [later] = await bench.publish(A);
    await bench.clock.advance(20 * 60_000);
    expect(bench.receiver.takenOf(A)).toEqual([later]);
    const [first] = await letters();
    await bench.stores.webhooks.replay('we_1', [first?.position ?? 0]);
    await bench.clock.advance(180_000);
    expect(bench.receiver.takenOf(A)).toEqual([later, ids[0]]);
    expect(await letters()).toMatchObject([{ event: { id: ids[1] } }]);
    bench.receiver.mood = () => ({ type: 'failed', reason: 'status 400' });
    await bench.stores.webhooks.replay('we_1', 'all');
    await bench.clock.advance(180_000);
    expect(await letters()).toMatchObject([{ event: { id: ids[1] }, error: 'status 400' }]);
    expect(await bench.stores.webhooks.deadLetters('we_1', { after: 0, limit: 9, replayed: true })).toEqual([]);
  });

  test('an endpoint says how long its events are tried: a dead letter can be seen within minutes', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint({ retryForMs: 60_000 });
    await bench.endpoint({ endpointId: 'we_2', url: 'https://example.org/other' });
    await bench.clock.advance(10_000);
    bench.receiver.mood = () => FAILS;
    const [id] = await bench.publish(A);
    const letters = (endpointId: string) => bench.stores.webhooks.deadLetters(endpointId, { after: 0, limit: 9 });
    await bench.clock.advance(50_000);
    expect(await letters('we_1')).toEqual([]);
    await bench.clock.advance(120_000);
    expect(await letters('we_1')).toMatchObject([{ event: { id }, error: 'status 500' }]);
    expect(await letters('we_2')).toEqual([]);
  });

  test('a receiver that is dead for longer than events are tried costs few requests, and gets what is younger', async () => {
    const bench = new Bench();
    bench.start(SLOW);
    await bench.endpoint();
    await bench.clock.advance(60_000);
    bench.receiver.mood = () => FAILS;
    const old = await bench.publish(...keys(300));
    await bench.clock.advance(2 * HOUR_MS);
    const young = await bench.publish(...keys(300));
    await bench.clock.advance(1.5 * HOUR_MS);
    expect(bench.receiver.requests.length).toBeLessThan(100);
    bench.receiver.mood = () => ({ type: 'taken' });
    await bench.clock.advance(HOUR_MS);
    const letters = await bench.stores.webhooks.deadLetters('we_1', { after: 0, limit: 999 });
    expect(letters.map(({ event }) => event.id).sort()).toEqual(old.sort());
    expect(bench.receiver.taken.map(({ id }) => id).sort()).toEqual(young.sort());
  });

  test('a receiver that answers 410 is asked no more; enabled again, it gets what it missed', async () => {
    const bench = new Bench();
    bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.receiver.mood = () => ({ type: 'gone' });
    const ids = await bench.publish(A);
    await bench.clock.advance(5_000);
    const [found] = await bench.stores.webhooks.list();
    expect(found?.endpoint).toMatchObject({ disabled: { why: 'gone' }, version: 2 });
    ids.push(...(await bench.publish(A, A)));
    await bench.clock.advance(60_000);
    expect(bench.receiver.requests).toHaveLength(1);
    bench.receiver.mood = () => ({ type: 'taken' });
    await bench.endpoint({ version: 3 });
    await bench.clock.advance(10_000);
    expect(bench.receiver.takenOf(A)).toEqual(ids);
  });

  test('C16: beyond so many blocked keys an endpoint gets nothing new, and nothing is skipped', async () => {
    const bench = new Bench();
    const { hooks } = bench.start({ maxBlockedKeys: 20, maxPage: 10, pauseAfter: 1_000_000 });
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.receiver.mood = ({ key }) => (key === A ? { type: 'taken' } : FAILS);
    const ids = await bench.publish(...keys(100), A);
    await bench.clock.advance(60_000);
    expect(hooks.blockedKeys).toBeGreaterThanOrEqual(20);
    expect(hooks.blockedKeys).toBeLessThan(20 + 10);
    expect(bench.receiver.taken).toEqual([]);
    bench.receiver.mood = () => ({ type: 'taken' });
    await bench.clock.advance(HOUR_MS);
    expect(bench.receiver.taken.map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  test('events that left the log before their time are counted, not skipped in silence', async () => {
    const bench = new Bench();
    bench.start({ maxEvents: 10 });
    const endpoint = await bench.endpoint({ disabled: { at: 0, why: 'operator' } });
    const ids = await bench.publish(...keys(30));
    await bench.clock.advance(120_000);
    await bench.endpoint({ ...endpoint, disabled: null, version: 2 });
    await bench.clock.advance(10_000);
    expect(bench.receiver.taken.map(({ id }) => id).sort()).toEqual(ids.slice(20).sort());
    expect(await bench.stores.webhooks.progress('we_1')).toMatchObject({ lost: 20 });
  });
});
