import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { openDevice } from '../journeys/devices.ts';
import { launchChromium } from './chromium.ts';
import { newPerson, type Person } from './person.ts';

let kept: string;
let port: number;
let cluster: TestCluster | undefined;
let browser: Browser;
let ann: Person;
const soon = { timeout: 20_000 };
const before = Array.from({ length: 70 }, (_, i) => `message ${i}`);

beforeAll(async () => {
  kept = await mkdtemp(join(tmpdir(), 'chasqui-offline-'));
  cluster = await startTestCluster({ page: true, kept });
  const { url } = cluster.running;
  port = Number(new URL(url).port);
  browser = await launchChromium();
  ann = await newPerson(browser, url, 'ann');
  using bob = await openDevice(cluster, { user: 'bob', node: 1 });
  await Promise.all(before.map((text) => bob.client.send({ to: 'ann', content: { text } }).stored));
  await ann.openConversation('bob');
  await ann.page.getByText('message 69').last().waitFor();
  await ann.write('seen');
  const own = (state: string) => ann.page.locator(`[data-testid=message][data-mine=true][data-state=${state}]`);
  await own('delivered').waitFor();
  bob.client.markRead('ann');
  await own('read').waitFor();
  await ann.page.waitForFunction(async () => (await caches.match('./')) !== undefined);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
  await rm(kept, { recursive: true, force: true });
});

/** What the browser keeps of messages. */
function rows(): Promise<number> {
  return ann.page.evaluate(async () => {
    const all = (await indexedDB.databases()).map(
      ({ name = '' }) =>
        new Promise<number>((resolve) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => {
            const stores = [...opening.result.objectStoreNames];
            const counts = stores.map((store) => opening.result.transaction(store).objectStore(store).count());
            const last = counts.at(-1);
            if (last === undefined) resolve(0);
            else last.onsuccess = () => resolve(counts.reduce((sum, { result }) => sum + result, 0));
          };
        }),
    );
    return (await Promise.all(all)).reduce((sum, count) => sum + count, 0);
  });
}

describe('a page whose server is away', () => {
  it('opens with its conversations, messages and ticks, and reads back in what the browser keeps', async () => {
    await cluster?.[Symbol.asyncDispose]();
    cluster = undefined;
    await ann.page.reload();
    const row = ann.page.locator('[data-testid=conversation][data-peer=bob]');
    await row.waitFor();
    expect(await row.getByTestId('state').getAttribute('data-state')).toBe('read');
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('seen');
    expect(await ann.states()).toEqual(['read']);
    expect(await ann.page.getByTestId('connection').getAttribute('data-state')).not.toBe('online');
    await ann.page.getByTestId('scroller').focus();
    await ann.page.keyboard.press('Home');
    await expect.poll(() => ann.texts(), soon).toEqual([...before, 'seen']);
  });

  it('says that a search finds names alone', async () => {
    await ann.page.getByTestId('search').fill('bob');
    await ann.page.getByText('names are searched here').waitFor();
    await ann.page.getByTestId('search').fill('');
  });

  it('C3, C6: keeps what is written meanwhile over another reload, and sends it once when the server is back', async () => {
    await ann.write('while it was away');
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'sending']);
    await ann.page.reload();
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'sending']);
    cluster = await startTestCluster({ page: true, kept, port });
    using bob = await openDevice(cluster, { user: 'bob', node: 1 });
    await ann.isConnected();
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'delivered']);
    expect((await ann.texts()).slice(-2)).toEqual(['seen', 'while it was away']);
    const got = bob.client.conversation('ann').messages.map(({ content }) => content.text);
    expect(got.filter((text) => text === 'while it was away').length).toBe(1);
  });

  it('keeps nothing when the user signs out', async () => {
    expect(await rows()).toBeGreaterThan(70);
    await ann.page.getByTestId('settings').click();
    await ann.page.getByTestId('sign-out').click();
    await ann.page.getByTestId('register').waitFor();
    await expect.poll(rows, soon).toBe(0);
    expect(ann.faults).toEqual([]);
  });
});
