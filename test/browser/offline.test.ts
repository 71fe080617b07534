import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { freePort } from '../cluster/free-ports.ts';
import { openDevice } from '../journeys/devices.ts';
import { launchChromium } from './chromium.ts';
import { newPerson, Person } from './person.ts';
import { readUp } from './read-up.ts';

let kept: string;
let url: string;
let port: number;
let cluster: TestCluster | undefined;
let browser: Browser;
let ann: Person;
const soon = { timeout: 20_000 };
const HTML = { 'content-type': 'text/html' };
const before = Array.from({ length: 70 }, (_, i) => `message ${i}`);

beforeAll(async () => {
  kept = await mkdtemp(join(tmpdir(), 'chasqui-offline-'));
  // The same one later: with those of the two nodes, on which nobody may listen meanwhile.
  port = await freePort([1, 2, 101, 102]);
  cluster = await startTestCluster({ page: true, kept, port });
  url = cluster.running.url;
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

/** A proxy at the page's address, whose server is away. */
async function startProxy(answer: (path: string, response: ServerResponse) => void): Promise<AsyncDisposable> {
  const proxy = createServer(({ url: path = '' }, response) => answer(path, response)).listen(port, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      proxy.close();
      proxy.closeAllConnections();
      await once(proxy, 'close');
    },
  };
}

describe('a page whose server is away', () => {
  it('opens with its conversations, messages and ticks, and reads back in what the browser keeps', async () => {
    await cluster?.[Symbol.asyncDispose]();
    cluster = undefined;
    await ann.page.reload();
    const row = ann.page.locator('[data-testid=conversation][data-peer=bob]');
    await row.waitFor();
    await expect.poll(() => row.getByTestId('state').getAttribute('data-state'), soon).toBe('read');
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('seen');
    await expect.poll(() => ann.states(), soon).toEqual(['read']);
    expect(await ann.page.getByTestId('connection').getAttribute('data-state')).not.toBe('online');
    expect(await readUp(ann, 'message 0')).toEqual([...before, 'seen']);
    expect(await ann.page.evaluate(() => caches.keys())).toEqual([`chasqui ${new URL(url).href}`]);
  });

  it('does the same behind a proxy that answers for its server', async () => {
    await using _ = await startProxy((_path, response) => response.writeHead(502, HTML).end('bad gateway'));
    await ann.page.reload();
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('seen');
    expect(await readUp(ann, 'message 0')).toEqual([...before, 'seen']);
  });

  it('lets the proxy lead to a page of its own, and keeps none of its pages', async () => {
    const address = ann.page.url();
    const led = await startProxy((path, response) => {
      if (path === '/log-in') response.writeHead(200, HTML).end('log in first');
      else response.writeHead(302, { location: '/log-in' }).end();
    });
    await ann.page.reload();
    await ann.page.getByText('log in first').waitFor();
    await led[Symbol.asyncDispose]();
    const shown = await startProxy((_, response) => response.writeHead(200, HTML).end('read this first'));
    await ann.page.goto(address);
    await ann.page.getByText('read this first').waitFor();
    await shown[Symbol.asyncDispose]();
    await ann.page.reload();
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('seen');
  });

  it('says that a search finds names alone', async () => {
    await ann.page.getByTestId('search').fill('bob');
    await ann.page.getByText('names are searched here').waitFor();
    await ann.page.getByTestId('search').fill('');
  });

  it('opens in a second tab with the same; what is written there is in both', async () => {
    const context = ann.page.context();
    const other = new Person('ann', context, await context.newPage(), url);
    await other.page.goto(ann.page.url());
    await expect.poll(async () => (await other.texts()).at(-1), soon).toBe('seen');
    await other.write('in the second tab');
    for (const tab of [ann, other]) await expect.poll(() => tab.states(), soon).toEqual(['read', 'sending']);
    await other.leave();
    expect(other.faults).toEqual([]);
  });

  it('C3, C6: keeps what is written meanwhile over another reload, and sends it once when the server is back', async () => {
    await ann.write('while it was away');
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'sending', 'sending']);
    await ann.page.reload();
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'sending', 'sending']);
    cluster = await startTestCluster({ page: true, kept, port });
    using bob = await openDevice(cluster, { user: 'bob', node: 1 });
    await ann.isConnected();
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'delivered', 'delivered']);
    const written = ['in the second tab', 'while it was away'];
    expect((await ann.texts()).slice(-3)).toEqual(['seen', ...written]);
    const got = bob.client.conversation('ann').messages.map(({ content }) => content.text ?? '');
    expect(got.filter((text) => written.includes(text))).toEqual(written);
  });

  it('keeps nothing when the user signs out, in this page or another', async () => {
    expect(await rows()).toBeGreaterThan(70);
    const other = await ann.page.context().newPage();
    await other.goto(url);
    await other.getByTestId('settings').click();
    await other.getByTestId('sign-out').click();
    for (const page of [other, ann.page]) await page.getByTestId('register').waitFor();
    await expect.poll(rows, soon).toBe(0);
    await other.close();
  });

  it('keeps nothing when the device is logged out from elsewhere', async () => {
    await ann.enter('sign-in');
    await expect.poll(rows, soon).toBeGreaterThan(0);
    const headers = { authorization: `Bearer ${await cluster?.token('ann')}` };
    const { devices } = (await (await fetch(`${url}/api/devices`, { headers })).json()) as {
      devices: { deviceId: string }[];
    };
    expect(devices.length).toBe(1);
    await fetch(`${url}/api/devices/${devices[0]?.deviceId}`, { method: 'DELETE', headers });
    await ann.page.getByTestId('register').waitFor();
    await expect.poll(rows, soon).toBe(0);
    expect(ann.faults).toEqual([]);
  });
});
