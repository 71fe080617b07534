import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseFor, messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { touch } from './touch.ts';
import { violationsOn } from './violations.ts';

const soon = { timeout: 15_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };
const permissions = ['clipboard-read', 'clipboard-write'];

let stage: Stage;
let ann: Person;
let li: Person;
let cleo: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1, bypassCSP: true, permissions });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { node: 2, bypassCSP: true, ...phone });
  cleo = await newPerson(stage.browser, stage.origin, 'cleo');
  await ann.startConversation('cleo');
  await ann.write('hello');
  await ann.startConversation('li.ming');
  for (const text of ['one', 'two', 'three', 'four', 'five']) await ann.write(text);
  await li.openConversation('ann');
  await li.write('六');
  await messageWith(ann, '六').waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const selected = (person: Person) =>
  person.page.locator('[data-selected=true]').getByTestId('message-text').allTextContents();

describe('several messages', () => {
  it('are selected one by one, and as a range with Shift', async () => {
    await chooseFor(ann, 'two', 'select');
    await messageWith(ann, 'four').click({ modifiers: ['Shift'] });
    await expect.poll(() => selected(ann), soon).toEqual(['two', 'three', 'four']);
    await messageWith(ann, 'three').getByTestId('select-box').press('Space');
    await expect.poll(() => selected(ann), soon).toEqual(['two', 'four']);
    expect(await ann.page.getByTestId('selection').getByRole('status').textContent()).toBe('2 selected');
    expect(await violationsOn(ann.page)).toEqual([]);
  });

  it('are copied with their authors, and Escape selects none', async () => {
    await ann.page.getByTestId('copy-selected').click();
    await expect.poll(() => ann.page.evaluate(() => navigator.clipboard.readText()), soon).toBe('ann: two\nann: four');
    await expect.poll(() => selected(ann), soon).toEqual([]);
    await chooseFor(ann, '六', 'select');
    await ann.page.keyboard.press('Escape');
    await ann.page.getByTestId('composer').waitFor();
  });

  it('are selected from the menu that a finger opens', async () => {
    await touch(li.page, messageWith(li, 'two').locator('.bubble'), { restMs: 700 });
    await li.page.getByTestId('select').tap();
    await messageWith(li, 'five').tap();
    await expect.poll(() => selected(li), soon).toEqual(['two', 'five']);
    expect(await li.scrollsSideways()).toBe(false);
    expect(await violationsOn(li.page)).toEqual([]);
  });

  it('are deleted for the user alone, for good', async () => {
    await li.page.getByTestId('hide-selected').click();
    expect(await violationsOn(li.page)).toEqual([]);
    await li.page.getByTestId('hide-sure').click();
    await expect.poll(() => li.texts(), soon).toEqual(['one', 'three', 'four', '六']);
    await li.page.reload();
    await li.page.getByTestId('message').last().waitFor();
    await expect.poll(() => li.texts(), soon).toEqual(['one', 'three', 'four', '六']);
    expect(await ann.texts()).toEqual(['one', 'two', 'three', 'four', 'five', '六']);
  });
});

describe('a message', () => {
  it('is deleted for the user alone from its menu, on all of their pages', async () => {
    const other = await newPage(li);
    await chooseFor(li, 'three', 'hide-message');
    await li.page.getByTestId('hide-message-sure').click();
    await expect.poll(() => li.texts(), soon).toEqual(['one', 'four', '六']);
    await expect.poll(() => other.getByTestId('message-text').allTextContents(), soon).toEqual(['one', 'four', '六']);
    await other.close();
  });

  it('is forwarded, with its origin, to several who are searched for, with a comment', async () => {
    await chooseFor(ann, '六', 'forward');
    const { page } = ann;
    await page.getByTestId('forward-search').fill('cle');
    await expect.poll(() => page.getByTestId('forward-goals').getByRole('checkbox').count(), soon).toBe(1);
    await page.getByTestId('forward-goals').getByText('cleo').click();
    await page.getByTestId('forward-search').fill('');
    await page.getByTestId('forward-goals').getByText('li.ming').click();
    await page.getByTestId('forward-comment').fill('see');
    expect(await violationsOn(page)).toEqual([]);
    await page.getByTestId('forward-send').click();
    await cleo.openConversation('ann');
    await expect.poll(() => cleo.texts(), soon).toEqual(['hello', 'see', '六']);
    expect(await messageWith(cleo, '六').getByTestId('forwarded').textContent()).toBe('Forwarded from li.ming');
    await expect.poll(async () => (await li.texts()).slice(-2), soon).toEqual(['see', '六']);
    expect(await messageWith(li, '六').getByTestId('forwarded').textContent()).toBe('转发自你');
  });

  it('is forwarded without its origin, from a phone', async () => {
    await chooseFor(li, 'four', 'select');
    await messageWith(li, 'one').tap();
    await li.page.getByTestId('forward-selected').click();
    await li.page.getByTestId('forward-goals').getByText('ann').click();
    await li.page.getByTestId('with-origin').click();
    expect(await li.scrollsSideways()).toBe(false);
    expect(await violationsOn(li.page)).toEqual([]);
    await li.page.getByTestId('forward-send').click();
    await expect.poll(async () => (await ann.texts()).slice(-2), soon).toEqual(['one', 'four']);
    expect(await messageWith(ann, 'four').getByTestId('forwarded').count()).toBe(0);
    expect(await messageWith(ann, 'four').getAttribute('data-mine')).toBe('false');
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults, ...cleo.faults]).toEqual([]);
  });
});

/** Another page of the same browser, at the same place. */
async function newPage(person: Person) {
  const page = await person.page.context().newPage();
  await page.goto(person.page.url());
  await page.getByTestId('message').first().waitFor();
  return page;
}
