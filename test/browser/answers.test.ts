import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseFor, messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { touch } from './touch.ts';
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
  await ann.write('Shall we go on Sunday?');
  await li.openConversation('ann');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Who is quoted, and with what. */
const quotes = (person: Person) => quoteOf(person.page.getByTestId('quote'));

function quoteOf(quote: Locator): Promise<string[]> {
  return quote.evaluateAll((all) =>
    all.map(({ children }) => [...children].map((part) => part.textContent).join(': ')),
  );
}

describe('an answer', () => {
  it('begins in the menu of a message, says what it answers, and can be given up', async () => {
    await chooseFor(ann, 'Sunday', 'reply');
    await ann.page.getByTestId('answered').getByText('Shall we go on Sunday?').waitFor();
    expect(await violationsOn(ann.page)).toEqual([]);
    await ann.page.getByTestId('cancel-reply').click();
    expect(await ann.page.getByTestId('answered').count()).toBe(0);
  });

  it('begins with a swipe on a phone', async () => {
    await touch(li.page, messageWith(li, 'Sunday').locator('.bubble'), { by: -120 });
    await li.page.getByTestId('answered').getByText('Shall we go on Sunday?').waitFor();
    expect(await li.scrollsSideways()).toBe(false);
    expect(await violationsOn(li.page)).toEqual([]);
    await li.write('好的');
    expect(await li.page.getByTestId('answered').count()).toBe(0);
    await expect.poll(() => quotes(ann), soon).toEqual(['You: Shall we go on Sunday?']);
    await expect.poll(() => quotes(li), soon).toEqual(['ann: Shall we go on Sunday?']);
  });

  it('begins with a key: up and down choose what is answered', async () => {
    const { page } = ann;
    await page.getByTestId('composer').press('Control+ArrowUp');
    await page.getByTestId('answered').getByText('好的').waitFor();
    await page.getByTestId('composer').press('Alt+ArrowUp');
    await page.getByTestId('answered').getByText('Sunday').waitFor();
    await page.getByTestId('composer').press('Control+ArrowDown');
    await page.getByTestId('answered').getByText('好的').waitFor();
    await page.getByTestId('composer').press('Escape');
    expect(await page.getByTestId('answered').count()).toBe(0);
  });

  it('stays while another conversation is open', async () => {
    await chooseFor(ann, '好的', 'reply');
    await ann.page.getByTestId('moments').click();
    await ann.page.goBack();
    await ann.page.getByTestId('answered').getByText('好的').waitFor();
    await ann.page.getByTestId('composer').press('Escape');
  });

  it('shows what an edit made of the message, also on a page that is opened later', async () => {
    await chooseFor(ann, 'Sunday', 'edit');
    await ann.write('Shall we go on Monday?');
    await expect.poll(() => quotes(li), soon).toEqual(['ann: Shall we go on Monday?']);
    await li.page.reload();
    await li.page.getByTestId('message').last().waitFor();
    await expect.poll(() => quotes(li), soon).toEqual(['ann: Shall we go on Monday?']);
  });

  it('leads to the message, however far back, and to the answer again', async () => {
    const send = Array.from({ length: 30 }, (_, n) => `Filling line ${n}\n\n\n\n\n\n\n\n\n`);
    for (const text of send) await ann.write(text);
    await chooseFor(ann, 'Filling line 29', 'reply');
    await ann.write('The last one');
    await expect.poll(async () => (await ann.states()).at(-1), soon).toBe('read');
    await ann.page.getByTestId('quote').last().waitFor();
    await ann.page.reload();
    await ann.isConnected();
    // The answer to the first message is far from the end, and not in the page.
    expect(await messageWith(ann, '好的').count()).toBe(0);
    await chooseFor(ann, 'The last one', 'reply');
    await ann.page.getByTestId('composer').press('Escape');
    await ann.page.getByTestId('scroller').evaluate((scroller) => {
      scroller.scrollTop = -1e6;
    });
    await messageWith(ann, '好的').getByTestId('quote').click();
    await ann.page.locator('.bubble[data-wanted=true]').getByText('Monday').waitFor(soon);
    await ann.page.getByTestId('to-latest').click();
    await ann.page.locator('.bubble[data-wanted=true]').getByText('好的').waitFor(soon);
    await ann.page.getByTestId('to-latest').click();
    await expect.poll(() => messageWith(ann, 'The last one').isVisible(), soon).toBe(true);
  });

  it('shows nothing of a message that was taken back', async () => {
    await chooseFor(ann, 'The last one', 'reply');
    await ann.write('Answer to the last');
    await expect
      .poll(() => quoteOf(messageWith(li, 'Answer to the last').getByTestId('quote')), soon)
      .toEqual(['ann: The last one']);
    await chooseFor(ann, 'The last one', 'recall');
    await expect
      .poll(() => quoteOf(messageWith(li, 'Answer to the last').getByTestId('quote')), soon)
      .toEqual(['ann: 消息已撤回']);
    await expect
      .poll(() => quoteOf(messageWith(ann, 'Answer to the last').getByTestId('quote')), soon)
      .toEqual(['You: A message that was taken back']);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
