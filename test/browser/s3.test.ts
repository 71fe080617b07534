import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowOrigins } from '../third-party/s3/cors-rules.ts';
import { type Gateway, startGateway } from '../third-party/s3/gateway.ts';
import { newPerson, type Person } from './person.ts';
import { largeFile, picture } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';

const MIB = 1024 * 1024;
const soon = { timeout: 30_000 };

let store: Gateway;
let stage: Stage;
let ann: Person;
let li: Person;
/** What the page asked of the store: method and status. */
const asked: string[] = [];
beforeAll(async () => {
  store = await startGateway({ anyOrigin: false });
  const { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey } = store.config;
  stage = await openStage({
    ...{ CHASQUI_BLOBS: 's3', CHASQUI_S3_ENDPOINT: endpoint, CHASQUI_S3_REGION: region, CHASQUI_S3_BUCKET: bucket },
    CHASQUI_S3_PREFIX: prefix,
    ...{ CHASQUI_S3_ACCESS_KEY_ID: accessKeyId, CHASQUI_S3_SECRET_ACCESS_KEY: secretAccessKey },
  });
  await allowOrigins(store.config, [stage.origin]);
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  li = await newPerson(stage.browser, stage.origin, 'li', { node: 2 });
  await ann.startConversation('li');
  for (const { page } of [ann, li]) {
    page.on('response', (response) => {
      if (response.url().startsWith(endpoint)) asked.push(`${response.request().method()} ${response.status()}`);
    });
  }
}, 240_000);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await store?.[Symbol.asyncDispose]();
});

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
/** Three parts. */
const file = largeFile('large.bin', 18 * MIB);

describe('files in an S3 store, from the page', () => {
  it('go to the store in parts; paused and resumed, each part goes once', async () => {
    // The first part goes through; the page is paused while the second is on its way.
    let puts = 0;
    const parts = `${store.config.endpoint}/**`;
    await ann.page.route(parts, async (route) => {
      if (route.request().method() !== 'PUT' || puts++ === 0) await route.continue();
    });
    await on(ann, 'input-files').setInputFiles([file]);
    await on(ann, 'send').click();
    await expect.poll(() => puts, soon).toBe(2);
    await on(ann, 'pending-pause').click();
    await expect.poll(() => on(ann, 'pending-file').getAttribute('data-state'), soon).toBe('paused');
    await ann.page.waitForTimeout(500);
    expect([puts, asked.filter((call) => call === 'PUT 200').length]).toEqual([2, 1]);
    await ann.page.unroute(parts);
    await on(ann, 'pending-play').click();
    await expect.poll(() => on(ann, 'message').count(), { timeout: 60_000 }).toBe(1);
    await expect.poll(() => asked.filter((call) => call === 'PUT 200'), soon).toHaveLength(3);
    expect(asked.filter((call) => call.startsWith('PUT') && call !== 'PUT 200')).toEqual([]);
  });

  it('are saved from the store, as they were', async () => {
    await li.openConversation('ann');
    await on(li, 'file').waitFor();
    const downloading = li.page.waitForEvent('download');
    await on(li, 'download').click();
    const download = await downloading;
    expect(new URL(download.url()).origin).toBe(store.config.endpoint);
    expect(download.suggestedFilename()).toBe('large.bin');
    expect((await readFile(await download.path())).equals(file.buffer)).toBe(true);
    expect(li.page.url()).toContain(stage.origin);
  });

  it('are shown', async () => {
    await on(ann, 'input-pictures').setInputFiles([await picture(ann.page, 'sea.png', 300, 200)]);
    await on(ann, 'send').click();
    const width = () =>
      li.page
        .getByTestId('picture')
        .locator('img')
        .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(() => width().catch(() => 0), soon).toBe(300);
  });

  it('are nothing that pages of other origins may read', async () => {
    const { endpoint, bucket } = store.config;
    const preflight = (origin: string) =>
      fetch(`${endpoint}/${bucket}/x`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT' },
      });
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await preflight(stage.origin)).headers.get('access-control-allow-origin')).toBe(stage.origin);
  });

  it('cause no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
