import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GIF, PNG } from '../api/pictures.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let li: Person;
let eve: Person;
const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, node: 2, locale: 'zh-CN' });
  eve = await newPerson(stage.browser, stage.origin, 'eve', { node: 1 });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const moment = ({ page }: Person, i = 0): Locator => page.getByTestId('moment').nth(i);
const bodies = ({ page }: Person) => page.getByTestId('moment-body').allTextContents();

/** Whether a picture is displayed, and its intrinsic width. */
const widths = (person: Person) =>
  moment(person)
    .getByTestId('moment-picture')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));

/** One user finds the other by a part of their name and sends a request; the other accepts. */
async function becomeContacts(one: Person, part: string, other: Person): Promise<void> {
  const of = ({ userId }: Person) => `[data-user="${userId}"]`;
  await one.page.getByTestId('people').click();
  await one.page.getByTestId('find-people').fill(part);
  await one.page.getByTestId('found-people').locator(of(other)).getByTestId('ask').click();
  await one.page.getByTestId('contacts-outgoing').locator(of(other)).waitFor();
  await one.page.keyboard.press('Escape');
  await other.page.getByTestId('people').click();
  await other.page.getByTestId('contacts-incoming').locator(of(one)).getByTestId('accept').click();
  await other.page.getByTestId('contacts-contact').locator(of(one)).waitFor();
  await other.page.keyboard.press('Escape');
}

describe('moments', () => {
  it('two become contacts: one asks, the other accepts', async () => {
    await becomeContacts(ann, 'li.m', li);
    for (const { page } of [ann, li]) await page.getByTestId('moments').click();
  });

  it('a moment with pictures is posted, and its author sees it', async () => {
    await ann.page.getByTestId('moment-text').fill('By the sea 🌊\n海边');
    await ann.page.getByTestId('moment-files').setInputFiles([
      { name: 'sea.png', mimeType: 'image/png', buffer: PNG },
      { name: 'wave.gif', mimeType: 'image/gif', buffer: GIF },
    ]);
    await expect.poll(() => ann.page.locator('.moment-composer img').count(), soon).toBe(2);
    await ann.page.getByTestId('moment-post').click();
    await expect.poll(() => bodies(ann), soon).toEqual(['By the sea 🌊\n海边']);
    await expect.poll(() => widths(ann), soon).toEqual([3, 3]);
    await expect.poll(() => ann.page.getByTestId('moment-text').inputValue(), soon).toBe('');
  });

  it('what is no picture is not added, and says so', async () => {
    const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    await ann.page.getByTestId('moment-files').setInputFiles([{ name: 'x.png', mimeType: 'image/png', buffer }]);
    await ann.page.getByText('This file is no picture').waitFor();
    expect(await ann.page.locator('.moment-composer img').count()).toBe(0);
  });

  it('a contact sees it on a phone, pictures and all, within the width; a stranger does not', async () => {
    await li.page.reload();
    await expect.poll(() => bodies(li), soon).toEqual(['By the sea 🌊\n海边']);
    await expect.poll(() => widths(li), soon).toEqual([3, 3]);
    expect(await li.scrollsSideways()).toBe(false);
    await eve.page.getByTestId('moments').click();
    await eve.page.getByText('Nothing here yet.').waitFor();
    expect(await bodies(eve)).toEqual([]);
  });

  it('C10: a like and a comment reach the author at once', async () => {
    await moment(li).getByTestId('moment-like').click();
    await expect.poll(() => moment(ann).getByTestId('moment-like').getAttribute('data-likes'), soon).toBe('1');
    await ann.page.evaluate(() => {
      location.hash = '';
    });
    await moment(li).getByTestId('moment-comments').click();
    await moment(li).getByTestId('comment-text').fill('真美！');
    await moment(li).getByTestId('comment-send').click();
    const news = () => ann.page.getByTestId('moments').getAttribute('data-news');
    await expect.poll(news, soon).toBe('1');
    await ann.page.getByTestId('moments').click();
    await expect.poll(() => moment(ann).getByTestId('moment-comments').getAttribute('data-comments'), soon).toBe('1');
    await expect.poll(news, soon).toBe('0');
    await moment(ann).getByTestId('moment-comments').click();
    await expect.poll(() => moment(ann).getByTestId('comment').allTextContents(), soon).toEqual(['li.ming 真美！']);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('what is deleted is gone: a like, a comment by the author of the moment, the moment', async () => {
    await moment(li).getByTestId('moment-like').click();
    await expect.poll(() => moment(li).getByTestId('moment-like').getAttribute('data-likes'), soon).toBe('0');
    await moment(ann).getByTestId('comment-delete').click();
    await expect.poll(() => moment(ann).getByTestId('comment').count(), soon).toBe(0);
    await moment(ann).getByTestId('moment-delete').click();
    await expect.poll(() => bodies(ann), soon).toEqual([]);
    await li.page.getByTestId('back').click();
    await li.page.getByTestId('moments').click();
    await li.page.getByText('还没有动态。').waitFor();
  });

  it('one for chosen contacts is shown to them alone', async () => {
    await becomeContacts(eve, 'ann', ann);
    await ann.page.getByTestId('moment-audience').locator('summary').click();
    await ann.page.getByTestId('choose-eve').waitFor();
    await ann.page.getByTestId('choose-li.ming').check();
    await ann.page.getByTestId('moment-text').fill('For you alone');
    await ann.page.getByTestId('moment-post').click();
    await expect.poll(() => bodies(ann), soon).toEqual(['For you alone']);
    expect(await moment(ann).getByTestId('moment-chosen').textContent()).toBe(' · For 1 chosen contact');
    await ann.page.getByTestId('moment-text').fill('For all of you');
    await ann.page.getByTestId('moment-post').click();
    await expect.poll(() => bodies(ann), soon).toEqual(['For all of you', 'For you alone']);
    for (const { page } of [li, eve]) await page.reload();
    await expect.poll(() => bodies(li), soon).toEqual(['For all of you', 'For you alone']);
    expect(await moment(li, 1).getByTestId('moment-chosen').count()).toBe(0);
    await expect.poll(() => bodies(eve), soon).toEqual(['For all of you']);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults, ...eve.faults]).toEqual([]);
  });
});
