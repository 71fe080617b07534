import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { picture } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  li = await newPerson(stage.browser, stage.origin, 'li.ming', phone);
  await ann.startConversation('li.ming');
  const files = await Promise.all([1, 2, 3].map((n) => picture(ann.page, `${n}.png`, 900, 300 * n)));
  await ann.page.getByTestId('input-pictures').setInputFiles(files);
  await ann.write('three of them');
  await ann.page.getByTestId('picture').nth(2).waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

interface Shifts {
  shifts?: number;
}

it('pictures stand as blurred ones of their own until they are there, and nothing moves when they come', async () => {
  const { page } = li;
  let go: () => void = () => undefined;
  const may = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route('**/attachments/**', async (route) => {
    await may;
    await route.continue();
  });
  await li.openConversation('ann');
  const tiles = page.getByTestId('picture');
  await tiles.nth(2).waitFor();
  const drawn = () => tiles.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundImage.slice(0, 24)));
  await expect.poll(() => drawn(), soon).toEqual(Array(3).fill('url("data:image/png;base'));
  expect(await tiles.evaluateAll((all) => all.map((one) => one.getAttribute('data-loaded')))).toEqual(
    Array(3).fill('false'),
  );
  const boxes = () => tiles.evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
  const before = await boxes();
  await page.evaluate(() => {
    const told = globalThis as Shifts;
    told.shifts = 0;
    new PerformanceObserver((list) => {
      told.shifts = (told.shifts ?? 0) + list.getEntries().length;
    }).observe({ type: 'layout-shift' });
  });
  go();
  await expect.poll(() => tiles.nth(2).getAttribute('data-loaded'), soon).toBe('true');
  await expect.poll(drawn, soon).toEqual(Array(3).fill('none'));
  expect(await boxes()).toEqual(before);
  expect(await page.evaluate(() => (globalThis as Shifts).shifts)).toBe(0);
  expect(await li.scrollsSideways()).toBe(false);
  expect([...ann.faults, ...li.faults]).toEqual([]);
});
