import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groups } from './groups/groups-entry.ts';
import { type ClientOf, type ClientStore, createClient, memoryStore, type Outgoing } from './index.ts';
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
  client: ClientOf<'groups'>;
  isRestarted: boolean;
}

const TEAM = { conversationId: 'team' };

/** Amy's, bob's and carol's devices in one group; carol is taken out and in again. */
class Run {
  readonly clock = new ManualClock();
  readonly world: World;
  readonly devices: Device[];
  readonly sent: { device: Device; text: string; outgoing: Outgoing }[] = [];

  constructor(seed: number, faults: Faults) {
    this.world = new World(this.clock, seeded(seed), { amy: ['phone'], bob: ['phone', 'laptop'], carol: ['phone'] });
    this.world.faults = faults;
    this.devices = [
      ['amy', 'phone'],
      ['bob', 'phone'],
      ['bob', 'laptop'],
      ['carol', 'phone'],
    ].map(([user = '', deviceId = '']) => {
      const store = memoryStore();
      const screen = new Screen();
      return { user, deviceId, store, screen, client: this.#start(user, deviceId, store, screen), isRestarted: false };
    });
  }

  do(what: Step['do'], who: number): void {
    const device = this.devices[who] as Device;
    const { user, deviceId, store, screen, client } = device;
    if (what === 'send') {
      const text = `${user}/${deviceId} ${this.sent.length.toString().padStart(4, '0')}`;
      const mentions = who === 0 ? { mentions: ['bob'] } : {};
      this.sent.push({ device, text, outgoing: client.send({ ...TEAM, content: { text }, ...mentions }) });
    } else if (what === 'read') client.markRead(TEAM);
    else if (what === 'close') client.closeGroup('team');
    else if (what === 'open') client.openGroup('team');
    else if (what === 'kill') [...this.world.sessions][who]?.end(1006);
    else if (what === 'toggle') this.world.group.toggle('carol');
    else if (what === 'renumber') this.world.group.renumber();
    else {
      client.close();
      device.isRestarted = true;
      device.client = this.#start(user, deviceId, store, screen);
    }
  }

  #start(user: string, deviceId: string, store: ClientStore, screen: Screen): ClientOf<'groups'> {
    const client = createClient({
      groups: groups(),
      urls: ['ws://0', 'ws://1', 'ws://2'],
      token: user,
      deviceId,
      store,
      transport: worldTransport(this.world),
      clock: this.clock,
      random: this.world.random,
    });
    screen.follow(client);
    client.openGroup('team');
    client.connect().catch(() => undefined);
    return client;
  }
}

const STEPS = ['send', 'send', 'send', 'send', 'send', 'read', 'kill', 'close', 'open'] as const;
type Step = { do: (typeof STEPS)[number] | 'restart' | 'toggle' | 'renumber'; who: number; wait: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(...STEPS, ...STEPS, 'restart' as const, 'toggle' as const, 'renumber' as const),
  who: fc.nat(3),
  wait: fc.constantFrom(0, 0, 1, 5, 50, 400, 3_000, 9_000),
});

test('C6 C18 C21: whatever gets lost, doubled, late, refused or renumbered, each device shows each message of a group once, in the order of the log, and counts exactly', () => {
  fc.assert(
    fc.property(fc.integer(), anyFaults, fc.array(step, { minLength: 5, maxLength: 45 }), (seed, badly, steps) => {
      const run = new Run(seed, badly);
      for (const { do: what, who, wait } of steps) {
        run.do(what, who);
        run.clock.run(wait);
      }
      run.world.faults = { lose: 0, repeat: 0, bus: 0, hint: 0, sync: 0 };
      for (const { client } of run.devices) client.openGroup('team');
      run.clock.run(300_000);

      const texts = run.world.group.messages.map(({ content }) => content?.text);
      const refused = run.sent.filter(({ outgoing }) => outgoing.error?.code === 'not_a_member');
      const abandoned = run.sent.filter(({ outgoing }) => outgoing.error?.code === 'connection_closed');
      const kept = run.sent.filter((each) => !refused.includes(each) && !abandoned.includes(each));
      for (const { text } of kept) expect(texts.filter((other) => other === text)).toEqual([text]);
      for (const { text } of refused) expect(texts).not.toContain(text);
      for (const device of run.devices) {
        const { user, deviceId, client, screen } = device;
        const own = `${user}/${deviceId} `;
        const sent = texts.filter((text) => text?.startsWith(own));
        expect(sent, 'the order sent').toEqual(sent.toSorted());
        expect([...screen.shown.values()].filter((count) => count !== 0 && count !== 1)).toEqual([]);
        if (user === 'carol') continue;
        expect(screen.texts(), own).toEqual(texts.filter((text) => !text?.startsWith(own)));
        const { head, messages } = client.group('team');
        const shown = messages.map(({ content }) => content.text);
        expect(shown, `${own} in order`).toEqual(texts.filter((text) => shown.includes(text)));
        if (!device.isRestarted) expect(shown, `${own} all`).toEqual(texts);
        expect(messages.filter(({ provisional }) => provisional)).toEqual([]);
        expect(head, own).toEqual(run.world.group.head(user));
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);
