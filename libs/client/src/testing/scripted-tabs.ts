import type { FullClient } from '../client.ts';
import type { PartName } from '../parts.ts';
import { createSharedClient, type SharedClient, type SharedClientOptions } from '../tabs/tabs.ts';
import { seeded } from './random.ts';
import { ScriptedServer } from './scripted-server.ts';
import { type Page, TabBrowser } from './tab-browser.ts';
import { atOnce, TestDatabase } from './test-database.ts';

/** Tabs of amy's browser at a server without behaviour of its own. */
export class ScriptedTabs {
  readonly server = new ScriptedServer();
  readonly browser = new TabBrowser(this.server.clock);
  readonly kept = new TestDatabase(atOnce, () => 0);
  readonly #random = seeded(5);

  async open(
    more: Partial<Omit<SharedClientOptions, PartName>> = {},
  ): Promise<{ client: FullClient & SharedClient; page: Page }> {
    const page = this.browser.open();
    const { clock, transport, ...options } = this.server.options();
    const opening = createSharedClient({
      ...options,
      name: 'amy',
      userId: 'amy',
      random: this.#random,
      clock: page.clock,
      transport: page.transport(transport ?? (() => ({ send: () => undefined, close: () => undefined }))),
      locks: page.locks,
      channel: page.channel,
      open: async () => this.kept.open('amy'),
      ...more,
    });
    await this.pass(100);
    const client = await opening;
    client.connect().catch(() => undefined);
    await this.pass(10);
    return { client, page };
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      this.server.clock.run(5);
      // biome-ignore lint/style/noRestrictedGlobals: real time is what promises settle in.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}
