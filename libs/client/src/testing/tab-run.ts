import type { Random } from '@chasqui/domain';
import { actions } from '../actions/actions-entry.ts';
import { database } from '../database/database.ts';
import type { DatabaseEngine } from '../database/engine.ts';
import { groups } from '../groups/groups-entry.ts';
import { type ChatMessage, type Client, type ClientDatabase, createClient, type FullClient } from '../index.ts';
import { recalls } from '../recalls/recalls-entry.ts';
import { states } from '../states/states-entry.ts';
import { createSharedClient, type SharedClient } from '../tabs/tabs.ts';
import { ManualClock } from './manual-clock.ts';
import { seeded } from './random.ts';
import { type Page, TabBrowser } from './tab-browser.ts';
import { TestDatabase } from './test-database.ts';
import { World } from './world.ts';
import { worldTransport } from './world-session.ts';

const URLS = ['ws://0', 'ws://1', 'ws://2'];
const nameOf = ({ from, clientMessageId }: ChatMessage) => `${from}/${clientMessageId}`;

/** One tab of amy's browser, with what an application shows that begins with what it has and follows the events. */
export interface TestTab {
  name: string;
  page: Page;
  client: FullClient & SharedClient;
  shown: Set<string>;
}

/** Amy's browser with its tabs, and bob's phone. */
export class TabRun {
  readonly clock = new ManualClock();
  readonly random: Random;
  readonly world: World;
  readonly browser: TabBrowser;
  readonly kept: TestDatabase;
  readonly bob: Client;
  readonly tabs: TestTab[] = [];
  /** What must not happen. */
  readonly faults: string[] = [];
  #opened = 0;

  /** `slow`: the longest that a write of the database takes, ms. */
  constructor(seed: number, slow = 0) {
    this.random = seeded(seed);
    this.world = new World(this.clock, this.random, { amy: ['laptop'], bob: ['phone'] });
    this.browser = new TabBrowser(this.clock);
    this.kept = new TestDatabase(this.clock, () => this.random() ** 3 * slow);
    const { clock, random } = this;
    this.bob = createClient({
      urls: URLS,
      token: 'bob',
      deviceId: 'phone',
      clock,
      random,
      transport: worldTransport(this.world),
    });
    this.bob.connect().catch(() => undefined);
  }

  /** Virtual time, with all promises that settle meanwhile. */
  async pass(ms: number, step = 5): Promise<void> {
    const end = this.clock.monotonic() + ms;
    do {
      this.clock.run(Math.min(step, end - this.clock.monotonic()));
      // biome-ignore lint/style/noRestrictedGlobals: real time is what promises settle in.
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.clock.monotonic() < end);
  }

  /** Resolves in real time: the tab is there once virtual time passes. */
  async open(): Promise<TestTab> {
    const page = this.browser.open();
    const name = `${String.fromCharCode(97 + this.#opened++)}`;
    const opening = createSharedClient({
      groups: groups(),
      states: states(),
      recalls: recalls(),
      actions: actions(),
      ...{ name: 'amy', userId: 'amy', token: 'amy', deviceId: 'laptop', urls: URLS, random: this.random },
      clock: page.clock,
      transport: page.transport(worldTransport(this.world)),
      locks: page.locks,
      channel: page.channel,
      open: () => this.#database(page),
    });
    void opening.then((client) => this.#follow({ name, page, client, shown: new Set() }));
    for (let i = 0; i < 40 && !this.tabs.some((tab) => tab.page === page); i++) await this.pass(50);
    const tab = this.tabs.find((each) => each.page === page);
    if (tab === undefined) throw new Error(`${name} does not begin`);
    return tab;
  }

  get leader(): TestTab | undefined {
    return this.tabs.find(({ page }) => page === this.browser.leader);
  }

  /** The renderer of a tab ends without another word. */
  crash(tab: TestTab): void {
    if (tab === this.leader) this.kept.crash();
    this.#left(tab);
    tab.page.crash();
  }

  /** The tab is closed. */
  async close(tab: TestTab): Promise<void> {
    const isLeader = tab === this.leader;
    this.#left(tab);
    tab.client.close();
    await this.pass(1);
    if (isLeader) this.kept.end();
    tab.page.crash();
  }

  #left(tab: TestTab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }

  #follow(tab: TestTab): void {
    const { client, shown, name } = tab;
    for (const { messages } of client.conversations()) for (const message of messages) shown.add(nameOf(message));
    client.on('message', ({ message }) => {
      if (shown.has(nameOf(message))) this.faults.push(`${name} shows again: ${message.content.text}`);
      shown.add(nameOf(message));
    });
    client.on('update', ({ message }) => shown.add(nameOf(message)));
    client.on('retract', ({ message }) => message !== undefined && shown.delete(nameOf(message)));
    // The session of a leader that was suspended has been replaced; that of its tab has not.
    client.on('state', ({ state, reason }) => {
      if (state === 'closed' && reason?.code !== 'connection_closed')
        this.faults.push(`${name} is closed: ${reason?.code}`);
    });
    client.connect().catch(() => undefined);
    this.tabs.push(tab);
  }

  /** What was written before is there: browsers read in turn with writes. */
  async #database(page: Page): Promise<ClientDatabase> {
    await new Promise<void>((resolve) => page.clock.after(this.random() * 30, resolve));
    this.kept.end();
    return database(this.#watched(this.kept.engine(), page), 'amy');
  }

  #watched(engine: DatabaseEngine, page: Page): DatabaseEngine {
    const watch = () => {
      if (page.isAlive && this.browser.leader !== page) this.faults.push(`${page.id} writes and does not lead`);
      return page.isAlive;
    };
    return {
      ...engine,
      write: (changes) => (watch() ? engine.write(changes) : undefined),
      clear: () => (watch() ? engine.clear() : undefined),
    };
  }
}
