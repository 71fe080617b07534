import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 20_000 };

let stage: Stage;
let ann: Person;
let ben: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  ben = await newPerson(stage.browser, stage.origin, 'ben');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** As wide as telephones send them: its only thumbnail has 320 pixels, fewer than the page would like to have. */
function smallVideo(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-video-'));
  const path = join(folder, 'small.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=640x360:d=2', '-pix_fmt', 'yuv420p', path]);
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** Pixels of the still that a video shows before it plays; 0: a broken one; null: none (yet). */
const stillOf = ({ page }: Person) =>
  page
    .getByTestId('video-start')
    .locator('img')
    .evaluateAll(([still]) => {
      const { complete = false, naturalWidth = 0 } = (still ?? {}) as Partial<HTMLImageElement>;
      return complete ? naturalWidth : null;
    });

it('a small video shows its still to whoever sent it and to others, who load no more of it', async () => {
  const read: string[] = [];
  ben.page.on('request', (request) => read.push(new URL(request.url()).search));
  await ann.startConversation('ben');
  const video = { name: 'small.mp4', mimeType: 'video/mp4', buffer: smallVideo() };
  await ann.page.getByTestId('input-pictures').setInputFiles(video);
  await ann.write('look');
  await ben.openConversation('ann');
  for (const person of [ann, ben]) await expect.poll(() => stillOf(person), soon).toBe(320);
  expect(read.filter((search) => search.includes('size='))).toEqual(['?size=320']);
  expect(ann.faults.concat(ben.faults)).toEqual([]);
});
