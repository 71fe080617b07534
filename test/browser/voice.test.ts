import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

/** A microphone that beeps once a second, which the page may use without asking. */
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage({}, MICROPHONE);
  ann = await newPerson(stage.browser, stage.origin, 'ann', { bypassCSP: true });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, locale: 'zh-CN' });
  await ann.startConversation('li.ming');
  await li.startConversation('ann');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
const time = (person: Person) => on(person, 'sound-time').last().textContent();
const heights = (person: Person) =>
  on(person, 'sound')
    .last()
    .locator('.waveform rect')
    .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('height'))));

/** A finger that holds the button for so long, and is moved `by` px sideways before it lets go. */
async function hold({ page }: Person, { ms, by = 0 }: { ms: number; by?: number }) {
  const button = page.getByTestId('record');
  await button.waitFor(soon);
  const box = await button.boundingBox();
  if (box === null) throw new Error('there is no button');
  const session = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const put = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y }] });
  await put('touchStart', x);
  await page.waitForTimeout(ms);
  for (let step = 1; by !== 0 && step <= 5; step++) await put('touchMove', x + (by * step) / 5);
  await put('touchEnd');
  await session.detach();
}

interface Clicks {
  clicks?: number;
}

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
    await expect
      .poll(() => sound.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).playbackRate), soon)
      .toBe(1.5);
    await sound.getByTestId('sound-play').click();
    await expect.poll(() => sound.getAttribute('data-playing'), soon).toBe('false');
    await sound.getByTestId('sound-position').fill('2');
    await expect.poll(() => time(ann), soon).toMatch(/^0:02 /);
    await expect
      .poll(() => sound.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime), soon)
      .toBeCloseTo(2, 1);
  });

  it('the list says that it is one', async () => {
    await expect.poll(() => on(ann, 'kind-preview').textContent(), soon).toBe('Voice message');
  });

  it('the button is held while one speaks: letting go sends', async () => {
    const before = await on(li, 'message').count();
    await hold(li, { ms: 2_500 });
    await expect.poll(() => li.states(), soon).toHaveLength(before + 1);
    await expect.poll(() => on(li, 'voice-bar').count(), soon).toBe(0);
    await expect.poll(() => on(ann, 'message').count(), soon).toBe(before + 1);
    await expect.poll(async () => seconds(await time(ann)), soon).toBeGreaterThanOrEqual(2);
  });

  it('sliding to the left cancels, and so does letting go at once, which says what to do', async () => {
    const before = await on(li, 'message').count();
    await hold(li, { ms: 1_500, by: -160 });
    await expect.poll(() => on(li, 'voice-bar').count(), soon).toBe(0);
    await hold(li, { ms: 450 });
    await expect.poll(() => on(li, 'recorder-error').textContent(), soon).toBe('点击开始录音，或按住说话');
    expect(await on(li, 'message').count()).toBe(before);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('letting go presses nothing else: the click that it ends in may come when the button is there again', async () => {
    const { page } = li;
    await page.evaluate(() => {
      const { stop } = MediaRecorder.prototype;
      MediaRecorder.prototype.stop = function () {
        stop.call(this);
        this.dispatchEvent(new Event('stop'));
      };
      const told = globalThis as Clicks;
      addEventListener('click', () => (told.clicks = (told.clicks ?? 0) + 1), { capture: true });
    });
    await hold(li, { ms: 450 });
    await expect.poll(() => page.evaluate(() => (globalThis as Clicks).clicks), soon).toBe(1);
    expect(await on(li, 'recorder-error').count()).toBe(1);
    await on(li, 'record').tap();
    await on(li, 'voice-bar').waitFor();
    await on(li, 'voice-discard').click();
  });

  it('with a mouse, too', async () => {
    const before = await on(ann, 'message').count();
    await on(ann, 'record').hover();
    await ann.page.mouse.down();
    await expect.poll(() => on(ann, 'voice-bar').getAttribute('data-step'), soon).toBe('held');
    expect(await violationsOn(ann.page)).toEqual([]);
    await ann.page.waitForTimeout(1_000);
    await ann.page.mouse.up();
    await expect.poll(() => on(ann, 'message').count(), soon).toBe(before + 1);
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
