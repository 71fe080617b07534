import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Client, type ClientStore, createClient, memoryStore } from './index.ts';
import { anyFaults } from './testing/any-faults.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { seeded } from './testing/random.ts';
import { Screen } from './testing/screen.ts';
import { World } from './testing/world.ts';
import type { Faults } from './testing/world-peer.ts';
import { worldTransport } from './testing/world-session.ts';

interface Device {
  user: string;
  deviceId: string;
  store: ClientStore;
  screen: Screen;
  client: Client;
}

class Run {
  readonly clock = new ManualClock();
  readonly world: World;
  readonly devices: Device[];
  readonly sent: { user: string; to: string; text: string }[] = [];

  constructor(seed: number, faults: Faults) {
    this.world = new World(this.clock, seeded(seed), { amy: ['phone'], bob: ['phone', 'laptop'] });
    this.world.faults = faults;
    this.devices = [
      ['amy', 'phone'],
      ['bob', 'phone'],
      ['bob', 'laptop'],
    ].map(([user = '', deviceId = '']) => {
      const store = memoryStore();
      const screen = new Screen();
      return { user, deviceId, store, screen, client: this.#start(user, deviceId, store, screen) };
    });
  }

  /** The user closes the program and opens it again. */
  restart(index: number): void {
    const device = this.devices[index] as Device;
    device.client.close();
    device.client = this.#start(device.user, device.deviceId, device.store, device.screen);
  }

  send(index: number): void {
    const { user, client } = this.devices[index] as Device;
    const to = user === 'amy' ? 'bob' : 'amy';
    const text = `${user}${index} ${this.sent.length.toString().padStart(4, '0')}`;
    this.sent.push({ user, to, text });
    client.send({ to, content: { text } });
  }

  kill(n: number): void {
    const sessions = [...this.world.sessions];
    sessions[n % Math.max(1, sessions.length)]?.end(1006);
  }

  #start(user: string, deviceId: string, store: ClientStore, screen: Screen): Client {
    const client = createClient({
      urls: ['ws://0', 'ws://1', 'ws://2'],
      token: user,
      deviceId,
      store,
      transport: worldTransport(this.world),
      clock: this.clock,
      random: this.world.random,
    });
    screen.follow(client);
    client.connect().catch(() => undefined);
    return client;
  }
}

type Step = { do: 'send' | 'kill' | 'restart' | 'renumber'; who: number; wait: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('send', 'send', 'send', 'send', 'send', 'send', 'kill', 'kill', 'restart', 'renumber'),
  who: fc.nat(2),
  wait: fc.constantFrom(0, 0, 1, 5, 50, 400, 3_000, 9_000),
});

test('C3 C5 C6: whatever gets lost, doubled, late or retracted, each device shows each message once and in order', () => {
  fc.assert(
    fc.property(fc.integer(), anyFaults, fc.array(step, { minLength: 5, maxLength: 60 }), (seed, badly, steps) => {
      const run = new Run(seed, badly);
      for (const { do: what, who, wait } of steps) {
        if (what === 'send') run.send(who);
        else if (what === 'kill') run.kill(who);
        else if (what === 'restart') run.restart(who);
        else run.world.renumber(who === 0 ? 'amy' : 'bob');
        run.clock.run(wait);
      }
      run.world.faults = { lose: 0, repeat: 0, bus: 0, hint: 0, sync: 0 };
      run.clock.run(300_000);

      const stored = run.world.stored.get('amy~bob') ?? [];
      const texts = stored.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1)).map(({ content }) => content?.text);
      expect(texts.toSorted()).toEqual(run.sent.map(({ text }) => text).toSorted());
      for (const name of ['amy0', 'bob1', 'bob2']) {
        const own = texts.filter((text) => text?.startsWith(name));
        if (name === 'amy0') expect(own, 'sent order').toEqual(own.toSorted());
      }
      for (const { user, client, screen, deviceId } of run.devices) {
        const own = `${user}${deviceId === 'laptop' ? 2 : user === 'bob' ? 1 : 0}`;
        expect([...screen.shown.values()].filter((count) => count !== 0 && count !== 1)).toEqual([]);
        expect(screen.texts(), `${user} ${deviceId}`).toEqual(texts.filter((text) => !text?.startsWith(own)));
        expect(client.outgoing().filter(({ state }) => state !== 'delivered')).toEqual([]);
        expect(run.world.confirmed(user)).toBe(run.world.inbox(user).updates.length);
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);
