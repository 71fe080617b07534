import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseFor, messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { rowRenders, watchRowRenders } from './row-renders.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

const soon = { timeout: 15_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1, bypassCSP: true });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { node: 2, bypassCSP: true, ...phone });
  await ann.startConversation('li.ming');
  for (let n = 1; n <= 40; n++) await ann.write(`Line ${n}.`);
  await ann.write('Shall we go on Sunday?');
  await li.openConversation('ann');
  await messageWith(ann, 'Sunday').and(ann.page.locator('[data-state=read]')).waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** The reactions to a message as a screen reader reads them; pressed ones with a star. */
function reactions(person: Person, text: string): Promise<string[]> {
  return messageWith(person, text)
    .getByTestId('reaction')
    .evaluateAll((all) =>
      all.map((chip) => chip.getAttribute('aria-label') + (chip.getAttribute('aria-pressed') === 'true' ? '*' : '')),
    );
}

async function react(person: Person, text: string, emoji: string): Promise<void> {
  await messageWith(person, text).hover();
  await messageWith(person, text).getByTestId('message-menu').click();
  await person.page.getByTestId('quick-reaction').filter({ hasText: emoji }).click();
}

/** `top`: 0 at the end, negative before it. */
function scrollTo({ page }: Person, top: number): Promise<void> {
  return page.getByTestId('scroller').evaluate((scroller, to) => {
    scroller.scrollTop = to;
  }, top);
}

const topOf = ({ page }: Person) =>
  page.getByTestId('scroller').evaluate((scroller) => scroller.getBoundingClientRect().top);

const focused = () => ann.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

const shown = (person: Person, text = 'Sunday') => expect.poll(() => reactions(person, text), soon);

describe('reactions to a message', () => {
  it('are made in its menu, by keys too, and show below it', async () => {
    await messageWith(ann, 'Sunday').getByTestId('message-menu').focus();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('menuitemcheckbox').first().waitFor();
    expect(await violationsOn(ann.page)).toEqual([]);
    await ann.page.keyboard.press('ArrowRight');
    await ann.page.keyboard.press('Enter');
    await shown(ann).toEqual(['❤️ 1, you among them*']);
    await expect.poll(() => focused(), soon).toBe('message-menu');
    await shown(li).toEqual(['❤️ 1']);
  });

  it('are joined by a touch, and taken back by another', async () => {
    const chip = messageWith(li, 'Sunday').getByTestId('reaction').first();
    await chip.tap();
    await shown(li).toEqual(['❤️ 2，包括你*']);
    await shown(ann).toEqual(['❤️ 2, you among them*']);
    await chip.tap();
    await shown(ann).toEqual(['❤️ 1, you among them*']);
    await shown(li).toEqual(['❤️ 1']);
  });

  it('are of any emoji that the picker has', async () => {
    await chooseFor(li, 'Sunday', 'another-reaction');
    await li.page.getByTestId('emoji-search').fill('羊驼');
    expect(await violationsOn(li.page)).toEqual([]);
    await li.page.getByTestId('emoji-picker').getByText('🦙').click();
    await shown(li).toEqual(['❤️ 1', '🦙 1，包括你*']);
    await shown(ann).toEqual(['❤️ 1, you among them*', '🦙 1']);
    await expect.poll(() => li.page.locator('dialog[open]').count(), soon).toBe(0);
  });

  it('are told by who made them', async () => {
    await chooseFor(ann, 'Sunday', 'who-reacted');
    const people = () => ann.page.getByTestId('reactors').getByTestId('person').allInnerTexts();
    await expect.poll(async () => (await people()).map((row) => row.split('\n').at(-1)), soon).toEqual(['❤️', '🦙']);
    expect(await violationsOn(ann.page)).toEqual([]);
    await ann.page.getByTestId('reactors-of').filter({ hasText: '🦙' }).click();
    await expect.poll(async () => (await people()).length, soon).toBe(1);
    expect((await people())[0]).toContain('li.ming');
    await ann.page.keyboard.press('Escape');
  });

  it('end where a user has as many as they may, in words', async () => {
    for (const emoji of ['👍', '😂']) await react(li, 'Sunday', emoji);
    await shown(ann).toEqual(['❤️ 1, you among them*', '🦙 1', '👍 1', '😂 1']);
    await react(li, 'Sunday', '🙏');
    await li.page.getByTestId('reaction-refused').getByText('已达上限').waitFor();
    await shown(li).toEqual(['❤️ 1', '🦙 1，包括你*', '👍 1，包括你*', '😂 1，包括你*']);
    expect(await li.scrollsSideways()).toBe(false);
    expect(await violationsOn(li.page)).toEqual([]);
    await messageWith(li, 'Sunday').getByTestId('reaction').last().tap();
    await shown(ann).toEqual(['❤️ 1, you among them*', '🦙 1', '👍 1']);
  });

  it('stay after a reload', async () => {
    await watchRowRenders(ann.page);
    await ann.page.reload();
    await ann.isConnected();
    await shown(ann).toEqual(['❤️ 1, you among them*', '🦙 1', '👍 1']);
  });

  it('render no row but that of their message, however many there are', async () => {
    const id = await messageWith(ann, 'Sunday').getAttribute('data-message-id');
    expect((await rowRenders(ann.page)).length).toBeGreaterThan(10);
    for (let n = 0; n < 10; n++) await messageWith(li, 'Sunday').getByTestId('reaction').first().tap();
    await messageWith(li, 'Sunday').getByTestId('reaction').first().tap();
    await shown(ann).toEqual(['❤️ 2, you among them*', '🦙 1', '👍 1']);
    const rendered = await rowRenders(ann.page);
    expect(rendered.length).toBeGreaterThan(0);
    expect([...new Set(rendered)]).toEqual([id]);
  });

  it('do not move what is read, above or below them', async () => {
    await messageWith(ann, 'Line 20.').evaluate((row) => row.scrollIntoView({ block: 'start' }));
    const box = (line: number) =>
      messageWith(ann, `Line ${line}.`).evaluate((row) => row.getBoundingClientRect().toJSON());
    await expect.poll(async () => Math.abs((await box(20)).top - (await topOf(ann))), soon).toBeLessThan(2);
    await scrollTo(li, -1_000);
    const place = (await box(20)).top;
    for (const line of [18, 23]) {
      const { height } = await box(line);
      await react(li, `Line ${line}.`, '😮');
      await shown(ann, `Line ${line}.`).toEqual(['😮 1']);
      expect((await box(line)).height).toBeGreaterThan(height + 10);
      expect(Math.abs((await box(20)).top - place)).toBeLessThan(1);
    }
  });

  it('are made by a key while one message is selected, and taken back by keys without the focus being lost', async () => {
    const { page } = ann;
    for (const person of [ann, li]) await scrollTo(person, 0);
    await chooseFor(ann, 'Line 40.', 'select');
    await messageWith(ann, 'Line 40.').getByTestId('select-box').press('r');
    await page.getByTestId('emoji-search').fill('llama');
    await page.getByTestId('emoji-picker').getByText('🦙').click();
    await shown(li, 'Line 40.').toEqual(['🦙 1']);
    await expect.poll(() => page.getByTestId('selection').count(), soon).toBe(0);
    await messageWith(ann, 'Line 40.').getByTestId('reaction').press('Enter');
    await shown(li, 'Line 40.').toEqual([]);
    await expect.poll(() => focused(), soon).toBe('message-menu');
  });

  it('go with a message that is taken back', async () => {
    for (const person of [ann, li]) await scrollTo(person, -1_000);
    await chooseFor(ann, 'Line 18.', 'recall');
    const left = (person: Person) => person.page.getByTestId('reaction').filter({ hasText: '😮' }).count();
    for (const person of [ann, li]) await expect.poll(() => left(person), soon).toBe(1);
  });

  it('are refused in words where one has blocked the other', async () => {
    await ann.page.getByTestId('about').click();
    await ann.page.locator('[data-testid=block][data-blocked=false]').click();
    await ann.page.locator('[data-testid=block][data-blocked=true]').waitFor();
    await react(li, 'Line 20.', '😂');
    await messageWith(li, 'Line 20.').getByTestId('reaction-refused').getByText('屏蔽').waitFor();
    await shown(li, 'Line 20.').toEqual([]);
  });

  it('meet no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
