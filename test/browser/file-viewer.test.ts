import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { picture } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, locale: 'zh-CN' });
  await ann.startConversation('li.ming');
  for (const names of [['one.png', 'two.png'], ['three.png']]) {
    const files = await Promise.all(names.map((name) => picture(ann.page, name, 800, 600)));
    await ann.page.getByTestId('input-pictures').setInputFiles(files);
    await ann.write(`with ${names.length}`);
    await ann.page.getByTestId('message-text').getByText(`with ${names.length}`).waitFor();
  }
  await li.openConversation('ann');
  await on(li, 'picture').nth(2).waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
const alt = (person: Person) => on(person, 'viewer-picture').getAttribute('alt');
const scale = async (person: Person) => Number(await on(person, 'viewer-picture').getAttribute('data-scale'));
const isOpen = async (person: Person) => (await on(person, 'file-viewer').count()) > 0;

async function open(person: Person, number: number): Promise<void> {
  await expect.poll(() => on(person, 'picture').nth(number).getAttribute('data-loaded'), soon).toBe('true');
  await on(person, 'picture').nth(number).click();
  await on(person, 'viewer-picture').waitFor();
}

describe('the viewer', () => {
  it('opens by keyboard, goes through the pictures of the conversation, and gives the focus back', async () => {
    await on(ann, 'picture').nth(1).focus();
    await expect.poll(() => on(ann, 'picture').nth(1).getAttribute('data-loaded'), soon).toBe('true');
    await ann.page.keyboard.press('Enter');
    await on(ann, 'viewer-picture').waitFor();
    expect(await alt(ann)).toBe('Photo from You: two.png');
    await ann.page.keyboard.press('ArrowRight');
    await expect.poll(() => alt(ann), soon).toBe('Photo from You: three.png');
    await ann.page.keyboard.press('ArrowRight');
    await expect.poll(() => on(ann, 'viewer-next').count(), soon).toBe(0);
    await on(ann, 'viewer-previous').click();
    await ann.page.keyboard.press('ArrowLeft');
    await expect.poll(() => alt(ann), soon).toBe('Photo from You: one.png');
    expect(await on(ann, 'viewer-place').textContent()).toContain('1 of 3');
    await ann.page.keyboard.press('Escape');
    await expect.poll(() => isOpen(ann), soon).toBe(false);
    const focused = () => ann.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(() => focused(), soon).toBe('Photo from You: two.png');
  });

  it('the focus stays within', async () => {
    await open(ann, 0);
    for (let i = 0; i < 12; i++) {
      await ann.page.keyboard.press('Tab');
      const isWithin = await ann.page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
      );
      expect(isWithin).toBe(true);
    }
  });

  it('zooms by keys, buttons and the wheel, and moves what is enlarged', async () => {
    await ann.page.keyboard.press('+');
    await expect.poll(() => scale(ann), soon).toBe(1.5);
    await on(ann, 'viewer-minus').click();
    await expect.poll(() => scale(ann), soon).toBe(1);
    const box = await on(ann, 'viewer-frame').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 200];
    await ann.page.mouse.move(x, y);
    await ann.page.mouse.wheel(0, -300);
    await expect.poll(() => scale(ann), soon).toBeGreaterThan(2);
    const before = await on(ann, 'viewer-picture').boundingBox();
    await ann.page.mouse.down();
    await ann.page.mouse.move(x + 40, y + 30, { steps: 4 });
    await ann.page.mouse.up();
    const moved = async () => {
      const after = await on(ann, 'viewer-picture').boundingBox();
      return [(after?.x ?? 0) - (before?.x ?? 0), (after?.y ?? 0) - (before?.y ?? 0)];
    };
    await expect.poll(moved, soon).toEqual([40, 30]);
    await ann.page.keyboard.press('0');
    await expect.poll(() => scale(ann), soon).toBe(1);
    await ann.page.mouse.dblclick(x, y);
    await expect.poll(() => scale(ann), soon).toBe(2.5);
  });

  it('saves the picture', async () => {
    const downloading = ann.page.waitForEvent('download');
    await on(ann, 'viewer-save').click();
    expect((await downloading).suggestedFilename()).toBe('one.png');
    await on(ann, 'viewer-close').click();
    await expect.poll(() => isOpen(ann), soon).toBe(false);
  });

  it('on a phone: two fingers zoom, a swipe goes on, and the back gesture closes', async () => {
    const place = li.page.url();
    await open(li, 0);
    const touch = await li.page.context().newCDPSession(li.page);
    const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await fingers('touchStart', [250, 360]);
    for (const x of [200, 120, 60]) await fingers('touchMove', [x, 362]);
    await fingers('touchEnd');
    await expect.poll(() => alt(li), soon).toBe('ann 的图片：two.png');
    await fingers('touchStart', [150, 360], [210, 360]);
    for (const by of [20, 40, 60]) await fingers('touchMove', [150 - by, 360], [210 + by, 360]);
    await fingers('touchEnd');
    await expect.poll(() => scale(li), soon).toBeGreaterThan(2);
    await li.page.goBack();
    await expect.poll(() => isOpen(li), soon).toBe(false);
    expect(li.page.url()).toBe(place);
    await li.page.goBack();
    await on(li, 'conversation-list').waitFor();
  });

  it('closes when the picture is taken back', async () => {
    await li.openConversation('ann');
    await open(li, 2);
    const message = on(ann, 'message').last();
    await message.getByTestId('message-menu').click();
    await on(ann, 'recall').click();
    await expect.poll(() => isOpen(li), soon).toBe(false);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
