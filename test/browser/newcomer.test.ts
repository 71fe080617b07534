import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PNG } from '../api/pictures.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 20_000 };

let stage: Stage;
let ann: Person;
let ben: Person;

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  ben = await newPerson(stage.browser, stage.origin, 'ben');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const news = ({ page }: Person, button: string) => page.getByTestId(button).getAttribute('data-news');
/** What a user sees who turns to the page again: it looks for news then. */
const lookUp = ({ page }: Person) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

async function newsAfterLook(person: Person, button: string): Promise<string | null> {
  await lookUp(person);
  return news(person, button);
}

describe('somebody who opens the page for the first time', () => {
  it('can write their name at once, and install the page', async () => {
    const page = await stage.browser.newPage();
    await page.goto(stage.origin);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'));
    await expect.poll(focused, soon).toBe('userId');
    const manifest = await (await page.request.get(`${stage.origin}/manifest.webmanifest`)).json();
    for (const { src, type } of manifest.icons) {
      const icon = await page.request.get(`${stage.origin}/${src}`);
      expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
    }
    await page.close();
  });

  it('is offered no log-in where another application has the users', async () => {
    await using other = await openStage({ CHASQUI_REGISTRATION: 'off' });
    const page = await other.browser.newPage();
    await page.goto(other.origin);
    await page.getByTestId('no-passwords').waitFor(soon);
    expect([await page.getByRole('button').count(), await page.getByRole('textbox').count()]).toEqual([0, 0]);
  });

  it('reads words of theirs, not of the server', async () => {
    expect(await ann.page.getByTestId('connection').textContent()).toBe('online');
    const serverWords = ann.page.locator('.sidebar').getByText(/node|user id/i);
    expect(await serverWords.filter({ visible: true }).count()).toBe(0);
  });
});

describe('what waits for a user shows without a dialog', () => {
  it('a request to be a contact', async () => {
    await ann.page.getByTestId('people').click();
    await ann.page.getByTestId('find-people').fill('ben');
    await ann.page.getByTestId('found-people').locator('[data-user=ben]').getByTestId('ask').click();
    await ann.page.keyboard.press('Escape');
    await expect.poll(() => newsAfterLook(ben, 'people'), soon).toBe('1');
    await ben.page.getByTestId('people').click();
    await ben.page.getByTestId('contacts-incoming').locator('[data-user=ann]').getByTestId('accept').click();
    await expect.poll(() => news(ben, 'people'), soon).toBe('0');
    await ben.page.keyboard.press('Escape');
  });

  it('a new moment, until it was on the screen; its picture opens and closes by Esc and by a click', async () => {
    await ann.page.getByTestId('moments').click();
    await ann.page.getByTestId('moment-text').fill('By the sea');
    await ann.page.getByTestId('moment-files').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: PNG });
    await ann.page.getByTestId('moment-post').click();
    await ann.page.getByTestId('moment').waitFor();
    await expect.poll(() => newsAfterLook(ben, 'moments'), soon).toBe('1');
    expect(await newsAfterLook(ann, 'moments')).toBe('0');
    await ben.page.getByTestId('moments').click();
    await expect.poll(() => news(ben, 'moments'), soon).toBe('0');
    const viewer = ben.page.getByTestId('viewer');
    for (const end of [() => ben.page.keyboard.press('Escape'), () => ben.page.getByTestId('viewer-close').click()]) {
      await ben.page.getByTestId('moment-picture').click();
      await viewer.waitFor();
      await end();
      await expect.poll(() => viewer.count(), soon).toBe(0);
    }
  });
});

describe('a conversation', () => {
  it('has links that lead where they say, and no others', async () => {
    await ann.startConversation('ben');
    await ann.write('see https://chasqui.example/a, not javascript:alert(1)');
    await expect.poll(() => ben.unread('ann'), soon).toBe(1);
    await ben.openConversation('ann');
    const links = ben.page.getByTestId('link');
    await expect
      .poll(() => links.evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')])), soon)
      .toEqual([['https://chasqui.example/a', 'https://chasqui.example/a']]);
    expect(await links.first().getAttribute('rel')).toContain('noopener');
    expect(await links.first().getAttribute('target')).toBe('_blank');
  });

  it('has a picker of emoji, which is loaded from the page and puts one where the caret is', async () => {
    const { page } = ann;
    await page.getByTestId('composer').fill('ab');
    await page.getByTestId('composer').press('ArrowLeft');
    await page.getByTestId('emoji').click();
    await page.getByTestId('emoji-search').fill('llama');
    await page.getByTestId('emoji-picker').getByText('🦙').click();
    await expect.poll(() => page.getByTestId('composer').inputValue(), soon).toBe('a🦙b');
    await page.getByTestId('composer').fill('');
    await page.getByTestId('emoji').click();
    await page.getByTestId('emoji-search').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('emoji-picker').count()).toBe(0);
  });

  it('shows where unread messages begin, also behind what the user wrote last', async () => {
    await ben.write('one moment');
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe('one moment');
    await ben.page.getByTestId('moments').click();
    await ann.write('are you back?');
    await expect.poll(() => ben.unread('ann'), soon).toBe(1);
    await ben.openConversation('ann');
    const line = ben.page.getByTestId('unread-from');
    await line.waitFor();
    expect(await line.evaluate((item) => item.nextElementSibling?.textContent)).toContain('are you back?');
  });
});

describe('settings', () => {
  it('name the devices as people do', async () => {
    const again = await newPerson(stage.browser, stage.origin, 'cleo');
    await again.page.getByTestId('settings').click();
    const device = again.page.getByTestId('device');
    expect(await device.getAttribute('data-device')).toMatch(/^chrome-linux-/);
    await again.leave();
  });

  it('change the theme and the language, and keep them', async () => {
    const { page } = ben;
    await page.getByTestId('settings').click();
    await page.getByTestId('choose-theme').selectOption('dark');
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await expect.poll(() => scheme(), soon).toBe('dark');
    await page.getByTestId('choose-language').selectOption('zh-CN');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang).catch(() => ''), soon).toBe('zh-CN');
    await expect.poll(() => scheme(), soon).toBe('dark');
    await ben.isConnected();
    await page.getByTestId('settings').click();
    await page.getByTestId('choose-language').selectOption('');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang).catch(() => ''), soon).toBe('en');
    await ben.isConnected();
  });

  it('change the password; this browser goes on, and the former password is refused', async () => {
    const { page } = ann;
    await page.getByTestId('settings').click();
    const change = async (current: string, next: string) => {
      await page.getByTestId('password-current').fill(current);
      await page.getByTestId('password-next').fill(next);
      await page.getByTestId('change-password').click();
      await page.locator('[data-testid=password-note]:not(:empty)').waitFor();
      return page.getByTestId('password-note').getAttribute('role');
    };
    expect(await change('not the password', 'another battery')).toBe('alert');
    expect(await change('correct horse battery', 'another battery')).toBe('status');
    await page.keyboard.press('Escape');
    await ann.isConnected();
    const login = (password: string) =>
      page.request.post(`${stage.origin}/api/auth/login`, { data: { userId: 'ann', password } });
    expect((await login('correct horse battery')).status()).toBe(401);
    expect((await login('another battery')).status()).toBe(200);
  });
});

it('no page had an error or broke its content security policy', () => {
  for (const { faults } of [ann, ben]) expect(faults).toEqual([]);
});
