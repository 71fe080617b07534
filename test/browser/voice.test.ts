import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

/** A microphone that beeps once a second, which the page may use without asking. */
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage({}, MICROPHONE);
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, locale: 'zh-CN' });
  await ann.startConversation('li.ming');
  await li.startConversation('ann');
}, 120_000);
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
const time = (person: Person) => on(person, 'sound-time').last().textContent();
const heights = (person: Person) =>
  on(person, 'sound')
    .last()
    .locator('.waveform rect')
    .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('height'))));

/** Seconds of `0:03` or `0:01 / 0:03`: the last one. */
const seconds = (text: string | null) => Number(/(\d+)$/.exec(text ?? '')?.[1] ?? Number.NaN);

describe('voice messages', () => {
  it('what is recorded can be discarded', async () => {
    await on(li, 'record').click();
    await expect.poll(() => on(li, 'voice-time').textContent(), soon).toBe('0:01');
    expect(await on(li, 'voice-bar').getAttribute('data-step')).toBe('recording');
    expect(await on(li, 'composer').isVisible()).toBe(false);
    expect(await li.scrollsSideways()).toBe(false);
    await on(li, 'voice-discard').click();
    expect(await on(li, 'voice-bar').count()).toBe(0);
    expect(await on(li, 'composer').isVisible()).toBe(true);
  });

  it('one is recorded on a phone, heard before it is sent, and sent', async () => {
    await on(li, 'record').click();
    await expect.poll(() => on(li, 'voice-time').textContent(), soon).toBe('0:03');
    await on(li, 'voice-finish').click();
    await expect.poll(() => on(li, 'voice-bar').getAttribute('data-step'), soon).toBe('recorded');
    expect(seconds(await time(li))).toBeGreaterThanOrEqual(3);
    expect(await li.scrollsSideways()).toBe(false);
    await on(li, 'sound-play').click();
    await expect.poll(() => on(li, 'sound').getAttribute('data-playing'), soon).toBe('true');
    await on(li, 'voice-send').click();
    expect(await on(li, 'voice-bar').count()).toBe(0);
    await expect.poll(() => on(li, 'message').count(), soon).toBe(1);
  });

  it('the other sees how long and how loud it is, and plays it faster and from a place of their choice', async () => {
    const sound = on(ann, 'sound');
    await sound.waitFor();
    expect(await sound.getAttribute('aria-label')).toBe('Voice message');
    await expect.poll(async () => seconds(await time(ann)), soon).toBeGreaterThanOrEqual(3);
    // The microphone is silent but for its beeps. How much of a beep falls into one part of the waveform differs.
    await expect.poll(async () => Math.max(...(await heights(ann))), soon).toBeGreaterThan(80);
    expect(Math.min(...(await heights(ann)))).toBeLessThan(20);
    await sound.getByTestId('sound-rate').click();
    await sound.getByTestId('sound-play').click();
    await expect.poll(() => sound.getAttribute('data-playing'), soon).toBe('true');
    expect(await sound.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).playbackRate)).toBe(1.5);
    await sound.getByTestId('sound-play').click();
    await expect.poll(() => sound.getAttribute('data-playing'), soon).toBe('false');
    await sound.getByTestId('sound-position').fill('2');
    await expect.poll(() => time(ann), soon).toMatch(/^0:02 /);
    expect(await sound.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)).toBeCloseTo(2, 1);
  });

  it('the list says that it is one', async () => {
    await expect.poll(() => on(ann, 'kind-preview').textContent(), soon).toBe('Voice message');
  });

  it('a message that is written takes the place of the button', async () => {
    await on(ann, 'composer').fill('hello');
    expect(await on(ann, 'record').count()).toBe(0);
    await on(ann, 'send').click();
    await expect.poll(() => on(ann, 'record').count(), soon).toBe(1);
  });

  it('without a microphone the page says so', async () => {
    await ann.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    });
    await on(ann, 'record').click();
    await ann.page.getByText('There is no microphone').waitFor();
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
