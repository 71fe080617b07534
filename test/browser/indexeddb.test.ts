import { join } from 'node:path';
import type { Browser, JSHandle, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatabaseEngine } from '../../libs/client/src/database/engine.ts';
import { engineContract, type FarEngine } from '../../libs/client/src/testing/engine-contract.ts';
import { launchChromium } from './chromium.ts';

const SOURCE = join(import.meta.dirname, '../../libs/client/src/database/indexeddb-engine.ts');

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const build = await rolldown({ input: SOURCE, platform: 'browser' });
  const { output } = await build.generate({ format: 'iife', name: 'engines' });
  await build.close();
  browser = await launchChromium();
  page = await browser.newPage();
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>stores</title>' }));
  await page.goto('http://localhost/');
  await page.evaluate(`${output[0].code}; globalThis.engines = engines;`);
});
afterAll(() => browser?.close());

/** The engine in the browser; maps travel as their entries. */
function inBrowser(engine: JSHandle<DatabaseEngine>): FarEngine {
  return {
    get: (key) => engine.evaluate((here, asked) => here.get(asked), key),
    keys: () => engine.evaluate((here) => here.keys()),
    write: ({ trimmed, texts, ...changes }) =>
      engine.evaluate(
        async (here, { sizes, values, ...all }) => {
          await here.write({ ...all, trimmed: new Map(sizes), texts: new Map(values) });
        },
        { ...changes, sizes: [...trimmed], values: [...texts] },
      ),
    recent: () => engine.evaluate((here) => here.recent()),
    page: (...asked) => engine.evaluate((here, all) => here.page(...all), asked),
    clear: () =>
      engine.evaluate(async (here) => {
        await here.clear();
      }),
    close: () => engine.evaluate((here) => here.close()),
  };
}

function open(name: string): Promise<JSHandle<DatabaseEngine>> {
  return page.evaluateHandle((userId) => {
    const { engines } = globalThis as unknown as {
      engines: { openIndexedDB(server: string, userId: string): Promise<DatabaseEngine> };
    };
    return engines.openIndexedDB('https://chat.example', userId);
  }, name);
}

engineContract('IndexedDB in Chromium', async (name) => inBrowser(await open(name)));

test('a page of a later version need not wait until this one is closed', async () => {
  await open('upgraded');
  const outcome = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const request = indexedDB.open('chasqui ["https://chat.example","upgraded"]', 2);
        request.onblocked = () => resolve('blocked');
        request.onerror = () => resolve('refused');
        request.onsuccess = () => resolve('opened');
      }),
  );
  expect(outcome).toBe('opened');
  await expect(open('upgraded')).rejects.toThrow('version');
});
