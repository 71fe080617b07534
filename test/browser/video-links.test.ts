import { attachments } from '@chasqui/client/attachments';
import type { AttachedFile } from '@chasqui/domain';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../journeys/devices.ts';
import { largeVideo } from './large-video.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const MIB = 1024 * 1024;
const LINK_S = 10;
const soon = { timeout: 30_000 };

let stage: Stage;
let ann: Device;
let li: Person;
let file: AttachedFile;
/** MiB. */
const read = { playing: 0, seeking: 0 };
beforeAll(async () => {
  stage = await openStage({ CHASQUI_ATTACHMENT_MAX_MB: '256', CHASQUI_FILE_LINK_S: String(LINK_S) });
  await using video = await largeVideo();
  ann = await openDevice(stage.cluster, { user: 'ann', node: 1 });
  const files = attachments({ nodesUrl: `${stage.origin}/api/nodes`, token: await stage.cluster.token('ann') });
  file = await files.upload(video.file, { name: 'noise.mp4' }).done;
  li = await newPerson(stage.browser, stage.origin, 'li', { node: 2 });
  await ann.client.send({ to: 'li', content: { text: 'look' } }).stored;
  await li.openConversation('ann');
}, 300_000);
afterAll(async () => {
  ann?.[Symbol.dispose]();
  await stage?.[Symbol.asyncDispose]();
});

const video = () => li.page.locator('video') as Locator;
const place = () => video().evaluate((element) => (element as HTMLVideoElement).currentTime);
const seek = (to: number) =>
  video().evaluate((element, to) => {
    (element as HTMLVideoElement).currentTime = to;
  }, to);
/** MiB of files that the server has sent so far. */
async function sent(): Promise<number> {
  const text = await (await fetch(`${stage.origin}/metrics`)).text();
  return Number(/^chasqui_attachment_bytes_total\{[^}]*way="sent"[^}]*\} (\S+)$/m.exec(text)?.[1] ?? 0) / MIB;
}

describe('a video of 200 MB', () => {
  it('plays before it is loaded', async () => {
    expect(file.size / MIB).toBeGreaterThan(150);
    await ann.client.send({ to: 'li', content: { attachments: [file] } }).stored;
    await li.page.getByTestId('video-start').click();
    await expect.poll(place, soon).toBeGreaterThan(1);
    read.playing = await sent();
    expect(read.playing).toBeLessThan(file.size / MIB / 2);
  });

  it('is sought in by reading ranges of it, also after its link has ended', async () => {
    const before = await sent();
    await seek(70);
    await expect.poll(place, soon).toBeGreaterThan(71);
    const first = await video().getAttribute('src');
    // Until the link has ended.
    await new Promise((resolve) => setTimeout(resolve, (LINK_S + 1) * 1_000));
    expect(await li.page.evaluate(async (url) => (await fetch(url ?? '')).status, first)).toBe(404);
    await seek(20);
    await expect.poll(place, soon).toBeGreaterThan(21);
    expect(await video().getAttribute('src')).not.toBe(first);
    read.seeking = (await sent()) - before;
    expect(read.seeking).toBeLessThan(file.size / MIB / 1.5);
  });

  it('opens by its link to nobody whose link it is not, nor by one that was changed', async () => {
    const src = (await video().getAttribute('src')) ?? '';
    const status = (url: string) => li.page.evaluate(async (url) => (await fetch(url, { method: 'HEAD' })).status, url);
    expect(await status(src)).toBe(200);
    expect(await status(src.replace('ann~li', 'ann~max'))).toBe(404);
    expect(await status(src.replace(/grant=./, 'grant=A'))).toBe(404);
    const authorization = `Bearer ${await stage.cluster.token('max')}`;
    const made = await fetch(src.replace(/\?.*/, ''), { method: 'POST', headers: { authorization } });
    expect(made.status).toBe(403);
  });

  it('is read no more once its message is recalled', async () => {
    const src = (await video().getAttribute('src')) ?? '';
    const message = ann.client.conversations()[0]?.messages.findLast(({ content }) => content.attachments);
    await ann.client.recall({ conversationId: 'ann~li' }, message?.messageId ?? '');
    await expect.poll(() => video().count(), soon).toBe(0);
    expect(await li.page.evaluate(async (url) => (await fetch(url)).status, src)).toBe(404);
  });

  it('meets no error of the page', () => {
    expect(li.faults).toEqual([]);
    console.info(`MiB of ${Math.round(file.size / MIB)} that were read:`, read);
  });
});
