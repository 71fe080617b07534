import type { Clock } from '@chasqui/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChatMessage, type Client, createClient, type Transport } from './index.ts';
import { anyFaults } from './testing/any-faults.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { seeded } from './testing/random.ts';
import { TestDatabase } from './testing/test-database.ts';
import { World } from './testing/world.ts';
import type { Faults } from './testing/world-peer.ts';
import { worldTransport } from './testing/world-session.ts';

const CONVERSATION = 'amy~bob';
const nameOf = ({ from, clientMessageId }: ChatMessage) => `${from}/${clientMessageId}`;

/** A program with a client, which may end at any moment without another word. */
class Program {
  readonly client: Client;
  /** What an application shows that begins with what the client has, and then follows its events. */
  readonly shown: Set<string>;
  readonly faults: string[] = [];
  #isAlive = true;

  constructor(world: World, clock: ManualClock, user: string, deviceId: string, database: TestDatabase) {
    const alive = (what: () => void) => () => this.#isAlive && what();
    const mortal: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, callback) => clock.after(delayMs, alive(callback)),
    };
    const open = worldTransport(world);
    const transport: Transport = (url, handlers) =>
      open(url, {
        opened: () => this.#isAlive && handlers.opened(),
        received: (text) => this.#isAlive && handlers.received(text),
        closed: (code, reason) => this.#isAlive && handlers.closed(code, reason),
      });
    const urls = ['ws://0', 'ws://1', 'ws://2'];
    const store = database.open(user);
    this.client = createClient({
      ...{ urls, token: user, deviceId, store, transport, clock: mortal, random: world.random },
    });
    this.shown = new Set(this.client.conversations().flatMap(({ messages }) => messages.map(nameOf)));
    this.client.on('message', ({ message }) => {
      if (this.shown.has(nameOf(message))) this.faults.push(`again: ${message.content.text}`);
      this.shown.add(nameOf(message));
    });
    this.client.on('update', ({ message }) => this.shown.add(nameOf(message)));
    this.client.on('retract', ({ message }) => message !== undefined && this.shown.delete(nameOf(message)));
    this.client.connect().catch(() => undefined);
  }

  die(): void {
    this.#isAlive = false;
  }
}

interface Device {
  user: string;
  deviceId: string;
  name: string;
  database: TestDatabase;
  program: Program;
}

class Run {
  readonly clock = new ManualClock();
  readonly world: World;
  readonly devices: Device[];
  readonly sent: string[] = [];
  /** Texts that were not yet written when their program crashed. */
  readonly mayBeLost = new Set<string>();
  readonly faults: string[] = [];
  readonly #keys = new Map<string, { device: Device; key: string }>();

  constructor(seed: number, faults: Faults) {
    this.world = new World(this.clock, seeded(seed), { amy: ['phone'], bob: ['phone', 'laptop'] });
    this.world.faults = faults;
    this.devices = [
      ['amy', 'phone', 'a'],
      ['bob', 'phone', 'b'],
      ['bob', 'laptop', 'c'],
    ].map(([user = '', deviceId = '', name = '']) => {
      const database = new TestDatabase(this.clock, () => this.world.random() ** 3 * 400);
      return { user, deviceId, name, database, program: this.#start(user, deviceId, database) };
    });
  }

  do(what: Step['do'], who: number): void {
    const device = this.devices[who] as Device;
    if (what === 'send') this.#send(device);
    else if (what === 'read') device.program.client.markRead(device.user === 'amy' ? 'bob' : 'amy');
    else if (what === 'kill') [...this.world.sessions][who]?.end(1006);
    else if (what === 'renumber') this.world.renumber(device.user);
    else if (what === 'crash') this.crash(device);
    else this.#restart(device);
  }

  crash(device: Device): void {
    const { database, program } = device;
    program.die();
    database.crash();
    const stored = (this.world.stored.get(CONVERSATION) ?? []).map(({ content }) => content?.text);
    for (const [text, { device: of, key }] of this.#keys) {
      if (of === device && !database.kept.texts.has(key) && !stored.includes(text)) this.mayBeLost.add(text);
    }
    this.#begin(device);
  }

  #restart(device: Device): void {
    device.program.client.close();
    device.database.end();
    device.program.die();
    this.#begin(device);
  }

  #begin(device: Device): void {
    this.faults.push(...device.program.faults);
    for (const session of [...this.world.sessions]) {
      if (session.user === device.user && session.device === device.deviceId) session.end(1006);
    }
    device.program = this.#start(device.user, device.deviceId, device.database);
  }

  #send(device: Device): void {
    const text = `${device.name}${this.sent.length.toString().padStart(4, '0')}`;
    this.sent.push(text);
    const to = device.user === 'amy' ? 'bob' : 'amy';
    const { clientMessageId } = device.program.client.send({ to, content: { text } });
    this.#keys.set(text, { device, key: `out/${clientMessageId}` });
  }

  #start(user: string, deviceId: string, database: TestDatabase): Program {
    return new Program(this.world, this.clock, user, deviceId, database);
  }
}

const STEPS = ['send', 'send', 'send', 'send', 'read', 'kill', 'crash', 'crash', 'restart'] as const;
type Step = { do: (typeof STEPS)[number] | 'renumber'; who: number; wait: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(...STEPS, ...STEPS, 'renumber' as const),
  who: fc.nat(2),
  wait: fc.constantFrom(0, 0, 1, 5, 50, 400, 3_000, 9_000),
});

test('C3 C5 C6 C10: whatever crashes between or during its writes, a database and the log after it have each message once and in order', () => {
  fc.assert(
    fc.property(fc.integer(), anyFaults, fc.array(step, { minLength: 5, maxLength: 50 }), (seed, badly, steps) => {
      const run = new Run(seed, badly);
      for (const { do: what, who, wait } of steps) {
        run.do(what, who);
        run.clock.run(wait);
      }
      run.world.faults = { lose: 0, repeat: 0, bus: 0, hint: 0, sync: 0 };
      run.clock.run(300_000);

      const stored = run.world.stored.get(CONVERSATION) ?? [];
      const texts = stored.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1)).map(({ content }) => content?.text);
      expect(new Set(texts).size).toBe(texts.length);
      expect(run.sent.filter((text) => !texts.includes(text) && !run.mayBeLost.has(text))).toEqual([]);
      const amys = texts.filter((text) => text?.startsWith('a'));
      expect(amys, 'sent order').toEqual(amys.toSorted());
      for (const device of run.devices) {
        const { user, name, database, program } = device;
        const { updates } = run.world.inbox(user);
        const inLog = updates.flatMap((update) => (update.type === 'chat' ? [update.messageId] : []));
        const kept = database.kept.newest(CONVERSATION);
        expect(
          kept.map(({ messageId }) => messageId),
          `${name}: all of the log`,
        ).toEqual(inLog.toSorted());
        expect(program.faults.concat(run.faults), name).toEqual([]);
        const names = kept.map(nameOf);
        expect(
          names.filter((each) => !program.shown.has(each)),
          `${name}: on the screen`,
        ).toEqual([]);
        expect(run.world.confirmed(user)).toBe(updates.length);
        // Of a message that its device does not know as its own any more, a receipt may come before the message.
        const isOwn = ({ mine, content: { text = '' } }: ChatMessage) =>
          mine && text.startsWith(name) && !run.mayBeLost.has(text);
        const states = kept.filter(isOwn).map(({ state }) => state);
        expect(states.filter((state) => state !== 'delivered' && state !== 'read')).toEqual([]);
        run.crash(device);
        const { messages } = device.program.client.conversation(CONVERSATION);
        expect(messages, `${name}: after another crash`).toEqual(kept);
      }
    }),
    { seed: 41, numRuns: 150 },
  );
}, 120_000);
