import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { touch } from './touch.ts';
import { violationsOn } from './violations.ts';

const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };

let stage: Stage;
let ann: Person;
let li: Person;
beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { bypassCSP: true });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { bypassCSP: true, ...phone });
  await ann.startConversation('li.ming');
  for (let n = 1; n <= 12; n++) await ann.write(`message ${n}`);
  await ann.write('see https://chasqui.example/menus');
  await li.openConversation('ann');
  await messageWith(li, 'see').waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const menuOf = ({ page }: Person) => page.locator('.message [role=menu]');
const isOpen = async (person: Person) => (await menuOf(person).count()) > 0;
const focused = ({ page }: Person) => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
/** Whether all of the open menu is within the list of messages. */
const isInView = async (person: Person) =>
  menuOf(person).evaluate((menu) => {
    const [inner, outer] = [menu, menu.closest('[data-scroller]')].map((one) => one?.getBoundingClientRect());
    if (inner === undefined || outer === undefined) return false;
    return (
      inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right
    );
  });

describe('the menu of a message', () => {
  it('opens where the pointer is, by its right button, and the field that had the focus gets it back', async () => {
    await ann.page.getByTestId('composer').focus();
    const bubble = messageWith(ann, 'message 9').locator('.bubble');
    await bubble.click({ button: 'right', position: { x: 8, y: 8 } });
    const [at, menu] = [await bubble.boundingBox(), await menuOf(ann).boundingBox()];
    if (at === null || menu === null) throw new Error('there is no menu');
    // At the pointer, as far as the list has room for it there.
    expect(at.x + 8 - menu.x).toBeLessThanOrEqual(menu.width);
    expect(menu.y).toBeLessThanOrEqual(at.y + 8);
    expect(menu.y + menu.height).toBeGreaterThan(at.y + 8);
    expect(await isInView(ann)).toBe(true);
    expect(await focused(ann)).toBe('quick-reaction');
    expect(await violationsOn(ann.page)).toEqual([]);
    await ann.page.keyboard.press('Escape');
    expect([await isOpen(ann), await focused(ann)]).toEqual([false, 'composer']);
  });

  it.each(['Shift+F10', 'ContextMenu'])(
    'opens by %s with the focus in the message, which gets it back',
    async (key) => {
      await messageWith(ann, 'message 2').getByTestId('message-menu').focus();
      await ann.page.keyboard.press(key);
      expect(await isOpen(ann)).toBe(true);
      expect(await isInView(ann)).toBe(true);
      await ann.page.keyboard.press('ArrowDown');
      expect(await focused(ann)).toBe('quick-reaction');
      await ann.page.keyboard.press('Escape');
      expect([await isOpen(ann), await focused(ann)]).toEqual([false, 'message-menu']);
    },
  );

  it('leaves links and selected words to the browser, and whoever holds Shift', async () => {
    await messageWith(ann, 'see').locator('a').click({ button: 'right' });
    expect(await isOpen(ann)).toBe(false);
    await ann.page.keyboard.press('Escape');
    await messageWith(ann, 'message 3')
      .locator('.bubble')
      .click({ button: 'right', modifiers: ['Shift'] });
    expect(await isOpen(ann)).toBe(false);
    await ann.page.keyboard.press('Escape');
    await messageWith(ann, 'message 4').getByTestId('message-text').click({ clickCount: 3 });
    await messageWith(ann, 'message 4').getByTestId('message-text').click({ button: 'right' });
    expect(await isOpen(ann)).toBe(false);
    await ann.page.keyboard.press('Escape');
  });

  it('opens by a finger that rests on the message, also at the lower end of a narrow screen', async () => {
    await touch(li.page, messageWith(li, 'message 12').locator('.bubble'), { restMs: 700 });
    await menuOf(li).waitFor();
    expect(await isInView(li)).toBe(true);
    expect(await li.scrollsSideways()).toBe(false);
    expect(await violationsOn(li.page)).toEqual([]);
    await menuOf(li).getByTestId('reply').tap();
    await li.page.locator('.composer-answered').waitFor();
    expect(await isOpen(li)).toBe(false);
  });

  it('opens by no finger that swipes, or only taps', async () => {
    await touch(li.page, messageWith(li, 'message 11').locator('.bubble'), { by: 40, restMs: 700 });
    await messageWith(li, 'message 11').locator('.bubble').tap();
    expect(await isOpen(li)).toBe(false);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
