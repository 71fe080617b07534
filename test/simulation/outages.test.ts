import type { ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { heal } from './perform.ts';
import { judge } from './run-plan.ts';
import { settle } from './settle.ts';
import { makeStage, type Stage } from './stage.ts';
import type { Breakage } from './world.ts';

const users = [
  { user: 'ann', devices: ['phone'] },
  { user: 'bob', devices: ['phone'] },
  { user: 'cyd', devices: ['phone'] },
];

async function begin(breakage: Breakage = {}): Promise<Stage> {
  const stage = makeStage({ seed: 1, users }, breakage);
  stage.devices.get('ann/phone')?.start();
  stage.devices.get('bob/phone')?.start();
  await stage.world.clock.run(1_000);
  return stage;
}

async function end(stage: Stage): Promise<void> {
  heal(stage);
  await settle(stage);
  expect(await judge(stage)).toEqual([]);
}

function send({ devices }: Stage, text: string): void {
  expect(devices.get('ann/phone')?.send('bob', text)).toBe(true);
}

test.each(['refusing', 'hanging'] as const)(
  'C11: with every store %s, users log in, send and receive live; later all is stored, acked and found',
  async (state) => {
    const stage = await begin();
    const { clock, engines, history } = stage.world;
    for (const name of ['store', 'messages', 'search'] as const) engines.machines[name].state = state;
    for (let i = 1; i <= 10; i++) {
      send(stage, `hello w${i}`);
      await clock.run(1_000);
    }
    expect(history.of('acked').map(({ level }) => level)).toEqual(new Array(10).fill('queued'));
    expect(history.of('shown')).toHaveLength(10);
    stage.devices.get('cyd/phone')?.start();
    await clock.run(1_000);
    expect(stage.devices.get('cyd/phone')?.isOnline).toBe(true);
    await end(stage);
    expect(history.of('acked').filter(({ level }) => level === 'stored')).toHaveLength(10);
  },
);

test.each(['refusing', 'hanging'] as const)(
  'C12: with the bus %s, a sender gets a retryable error within the deadline, and the message arrives in the end',
  async (state) => {
    const errors: { at: number; code: string; retry: string }[] = [];
    const stage = await begin({
      transport: (transport) => (url, ears) =>
        transport(url, {
          ...ears,
          received(text) {
            const frame = JSON.parse(text) as ServerFrame;
            if (frame.type === 'error') {
              errors.push({ at: stage.world.clock.monotonic(), code: frame.code, retry: frame.retry });
            }
            ears.received(text);
          },
        }),
    });
    const { clock, engines, history } = stage.world;
    engines.machines.bus.state = state;
    send(stage, 'hello w1');
    const sentAt = clock.monotonic();
    await clock.run(20_000);
    expect(history.of('acked').filter(({ level }) => level === 'queued')).toEqual([]);
    expect(errors[0]).toMatchObject({ code: 'bus_unavailable', retry: 'backoff' });
    expect((errors[0]?.at ?? 0) - sentAt).toBeLessThan(5_500);
    await end(stage);
  },
);

test('C9: a receiver whose node dies counts as offline within the lease and a round', async () => {
  const stage = await begin();
  const { clock, engines, network, history } = stage.world;
  const [cable] = network.cables().filter(({ owner }) => owner === 'bob/phone');
  stage.devices.get('bob/phone')?.unplug();
  send(stage, 'hello w1');
  await clock.run(1_000);
  expect(history.of('acked').map(({ level }) => level)).toContain('stored');
  stage.places.get(cable?.url.split('/')[2] ?? '')?.crash(60_000);
  await clock.run(12_000);
  const { messages } = await engines.set.messages.scan(null, 10);
  expect(messages.map(({ statuses }) => statuses)).toEqual([{ bob: 'unread' }]);
  await end(stage);
});
