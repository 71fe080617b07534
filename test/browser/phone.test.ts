import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let li: Person;
let bob: Person;
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

beforeAll(async () => {
  stage = await openStage();
  li = await newPerson(stage.browser, stage.origin, 'li.ming', {
    ...phone,
    node: 1,
    locale: 'zh-CN',
    colorScheme: 'dark',
  });
  bob = await newPerson(stage.browser, stage.origin, `bob.${'with-a-long-name'.repeat(3)}`, { ...phone, node: 2 });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('on a phone', () => {
  it('the sign-in fits the width', async () => {
    const context = await stage.browser.newContext({ ...phone, viewport: { width: 320, height: 560 } });
    const page = await context.newPage();
    await page.goto(stage.origin);
    await page.getByTestId('register').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await context.close();
  });

  it('the page speaks the reader’s language', async () => {
    expect(await li.page.getByTestId('composer').count()).toBe(0);
    expect(await li.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await li.page.getByText('还没有会话。').waitFor();
  });

  it('list and conversation are separate screens that never scroll sideways', async () => {
    await li.startConversation(bob.userId);
    expect(await li.page.getByTestId('conversation-list').isVisible()).toBe(false);
    await li.write(`${'长'.repeat(200)} https://example.org/${'a'.repeat(300)}`);
    await li.write('x\n\n\ny');
    await expect.poll(() => li.states(), { timeout: 15_000 }).toEqual(['delivered', 'delivered']);
    expect(await li.scrollsSideways()).toBe(false);
    await li.page.getByTestId('back').click();
    await li.page.getByTestId('conversation-list').waitFor();
    expect(await li.page.getByTestId('chat').count()).toBe(0);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('the menu of a wide message is on the screen', async () => {
    await li.openConversation(bob.userId);
    await li.page.getByTestId('message-menu').first().click();
    const isOnScreen = async () => {
      const { x, width } = (await li.page.getByRole('menu').boundingBox()) ?? { x: -1, width: 0 };
      return x >= 0 && x + width <= 360;
    };
    expect(await isOnScreen()).toBe(true);
    // It asks again, in a longer text.
    await li.page.getByTestId('hide-message').click();
    await li.page.getByTestId('hide-message-sure').waitFor();
    expect(await isOnScreen()).toBe(true);
    await li.page.keyboard.press('Escape');
    await li.page.getByTestId('back').click();
  });

  it('the browser’s own back button leads back to the list as well', async () => {
    await expect.poll(() => bob.unread('li.ming'), { timeout: 15_000 }).toBe(2);
    expect(await bob.scrollsSideways()).toBe(false);
    await bob.openConversation('li.ming');
    expect(await bob.scrollsSideways()).toBe(false);
    await bob.page.goBack();
    await bob.page.getByTestId('conversation-list').waitFor();
    await expect.poll(() => bob.unread('li.ming'), { timeout: 15_000 }).toBe(0);
  });

  it('a search within a conversation takes the list’s place, and leads back', async () => {
    await bob.openConversation('li.ming');
    await bob.page.getByTestId('search-here').click();
    await bob.page.getByTestId('search').fill('长长');
    await expect.poll(() => bob.page.getByTestId('search-hit').count(), { timeout: 15_000 }).toBe(1);
    expect(await bob.scrollsSideways()).toBe(false);
    await bob.page.getByTestId('search-hit').click();
    await bob.page.getByTestId('chat').waitFor();
  });

  it('what one can do with a message is within the screen', async () => {
    const message = bob.page.getByTestId('message').last();
    await message.getByTestId('message-menu').click();
    const box = await message.getByRole('menu').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  });

  it('meets no error of the page', () => {
    expect([...li.faults, ...bob.faults]).toEqual([]);
  });
});
