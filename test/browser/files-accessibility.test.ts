import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person, type PersonOptions } from './person.ts';
import { largeFile, picture, textFile } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const MIB = 1024 * 1024;
const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ CHASQUI_ATTACHMENT_MAX_MB: '1' }, MICROPHONE);
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const readers: { who: string; userId: string; options: PersonOptions }[] = [
  { who: 'in English on a desktop', userId: 'ann', options: { locale: 'en-GB' } },
  { who: 'in Chinese at 360 px', userId: 'li.ming', options: { locale: 'zh-CN', ...phone } },
];

describe.each(readers)('files without sight of the page, $who', ({ userId, options }) => {
  let person: Person;
  beforeAll(async () => {
    person = await newPerson(stage.browser, stage.origin, userId, { ...options, bypassCSP: true });
    const peer = await newPerson(stage.browser, stage.origin, `${userId}-peer`);
    await peer.leave();
    await person.startConversation(peer.userId);
  });
  afterAll(() => person?.leave());

  const on = (testId: string): Locator => person.page.getByTestId(testId);
  const isSound = async () => expect(await violationsOn(person.page)).toEqual([]);

  it('what is chosen', async () => {
    await on('attach').click();
    await isSound();
    await person.page.keyboard.press('Escape');
    await on('input-files').setInputFiles([
      await picture(person.page, 'sea.png', 400, 300),
      textFile('notes.txt', 'x'),
      largeFile('huge.bin', 2 * MIB),
    ]);
    await on('tray-item').nth(2).waitFor();
    await isSound();
    expect(await person.scrollsSideways()).toBe(false);
  });

  it('what is being sent, and what was refused', async () => {
    await person.write('Look');
    await on('pending-refusal').waitFor();
    await isSound();
    expect(await person.scrollsSideways()).toBe(false);
    await on('pending-close').last().click();
    await expect.poll(() => on('picture').count(), soon).toBe(1);
  });

  it('pictures and files in messages, and the viewer', async () => {
    await expect.poll(() => on('picture').getAttribute('data-loaded'), soon).toBe('true');
    await isSound();
    await on('picture').click();
    await on('viewer-picture').waitFor();
    await isSound();
    await on('viewer-close').click();
    await expect.poll(() => on('file-viewer').count(), soon).toBe(0);
  });

  it('a voice that is recorded, heard and sent', async () => {
    await on('record').click();
    await expect.poll(() => on('voice-time').textContent(), soon).toBe('0:01');
    await isSound();
    await on('voice-finish').click();
    await expect.poll(() => on('voice-bar').getAttribute('data-step'), soon).toBe('recorded');
    await isSound();
    await on('voice-send').click();
    await expect.poll(() => on('message').last().getByTestId('sound').count(), soon).toBe(1);
    await isSound();
    expect(person.faults).toEqual([]);
  });
});
