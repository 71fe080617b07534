import { type MessageEvent, type SyncedEvent, traceOf } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { FaultyProcess } from './faulty-process.ts';
import { House } from './house.ts';

async function stepsOf(house: House, { encoded: { message } }: MessageEvent) {
  const [stored] = await house.messages.get([message]);
  return new Map((stored == null ? [] : traceOf(stored, [])).map((step) => [step.state, step]));
}

/** A process whose `store` fails its first `times` calls. */
class Stubborn extends FaultyProcess {
  left: number;
  readonly #store: string;

  constructor(store: string, times: number) {
    super();
    this.#store = store;
    this.left = times;
  }

  override port<Port extends object>(name: string, port: Port, uncounted: readonly (keyof Port)[] = []): Port {
    const given = super.port(name, port, uncounted);
    if (name !== this.#store) return given;
    const refused = async () => {
      throw new Error(`${name} is away`);
    };
    return new Proxy(given, {
      get: (target, method) => {
        const isWrite = method === 'put' || method === 'record';
        return isWrite && this.left-- > 0 ? refused : Reflect.get(target, method);
      },
    });
  }
}

test('a message that could not be stored at first says so, and how often', async () => {
  const house = new House();
  await house.connect('ann');
  house.start(new Stubborn('messages', 3));
  const sent = eventsOf(house).message('ann', 'bob', 'one');
  await house.publish([{ ...sent, dispatchMs: 7 }]);
  await house.quiet();
  const steps = await stepsOf(house, sent);
  expect(steps.get('dispatching')?.at).toBe(sent.encoded.message.sentAt + 7);
  expect(steps.get('storing')).toMatchObject({ node: 'business-1', retries: 3 });
  expect(steps.get('offline')?.retries).toBeUndefined();
});

test('C2: stored is when it was committed, not when storing began: here one store stayed away', async () => {
  const house = new House();
  await house.connect('ann');
  house.start(new Stubborn('conversations', 3));
  const sent = eventsOf(house).message('ann', 'bob', 'one');
  await house.publish([sent]);
  await house.quiet();
  const steps = await stepsOf(house, sent);
  expect(steps.get('storing')?.retries).toBeUndefined();
  expect(steps.get('stored')).toMatchObject({ node: 'business-1', retries: 3 });
  expect((steps.get('stored')?.at ?? 0) - (steps.get('storing')?.at ?? 0)).toBeGreaterThan(300);
});

test('C4: a resend of what is stored does not change when that was', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const sent = message('ann', 'bob', 'one');
  await house.publish([sent]);
  await house.quiet();
  const storedBy = house.clock.now();
  await house.publish([sent]);
  await house.quiet();
  await house.publish([receipt('delivered', sent)]);
  await house.quiet();
  expect((await stepsOf(house, sent)).get('stored')?.at).toBeLessThanOrEqual(storedBy);
});

test('C9: a push that nobody acked is shown before the offline state, with the node whose socket took it', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, offline } = eventsOf(house);
  const sent = message('ann', 'bob', 'one');
  await house.publish([sent]);
  await house.quiet();
  const event = offline(sent);
  await house.publish([{ ...event, pushedMs: [15_000] }]);
  await house.quiet();
  const steps = await stepsOf(house, sent);
  expect(steps.get('pushed_live')).toEqual({ state: 'pushed_live', at: event.at - 15_000, node: event.nodeId });
  expect(steps.get('indexed')?.node).toBe('business-1');
});

test('C7: a receipt that overtook its message says how often it was put back, and when its message was pushed', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const [known, late] = [message('ann', 'bob', 'known'), message('ann', 'bob', 'late')];
  await house.publish([known]);
  await house.quiet();
  const event = receipt('delivered', known, late);
  await house.publish([{ ...event, pushedMs: [40, 30] }]);
  await house.clock.advance(600);
  await house.publish([late]);
  await house.quiet();
  const steps = await stepsOf(house, late);
  expect(steps.get('delivered')?.retries).toBeGreaterThan(0);
  expect(steps.get('pushed_live')?.at).toBe(event.at - 30);
  expect((await stepsOf(house, known)).get('pushed_live')?.at).toBe(event.at - 40);
});

test('C10: of two confirmations in one batch, each message has the times of the page that brought it', async () => {
  const house = new House();
  await house.connect('ann');
  house.start();
  const { message, synced } = eventsOf(house);
  const [one, two, three] = ['1', '2', '3'].map((name) => message('ann', 'bob', name)) as [
    MessageEvent,
    MessageEvent,
    MessageEvent,
  ];
  await house.publish([one, two, three]);
  await house.quiet();
  const first: SyncedEvent = { ...synced('bob', 1), pages: [[0, 1, 900, 800]] };
  const second: SyncedEvent = { ...synced('bob', 3), pages: [[1, 2, 700, 600]] };
  await house.publish([first, second]);
  await house.quiet();
  const times = await Promise.all(
    [one, two, three].map(async (sent) => {
      const steps = await stepsOf(house, sent);
      return ['syncing', 'awaiting_confirmation', 'synced'].map((state) => {
        const at = steps.get(state as 'synced')?.at;
        return at === undefined ? undefined : second.at - at;
      });
    }),
  );
  expect(times).toEqual([
    [900, 800, 0],
    [700, 600, 0],
    [undefined, undefined, 0],
  ]);
});
