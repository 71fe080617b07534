import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person, type PersonOptions } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

const GROUP = 'walks';
const soon = { timeout: 15_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const readers: { who: string; userId: string; options: PersonOptions }[] = [
  { who: 'in English on a desktop', userId: 'ann', options: { locale: 'en-GB' } },
  { who: 'in Chinese at 360 px', userId: 'li.ming', options: { locale: 'zh-CN', ...phone } },
];

describe.each(readers)('without sight of the page, $who', ({ userId, options }) => {
  let person: Person;
  let peer: Person;
  beforeAll(async () => {
    person = await newPerson(stage.browser, stage.origin, userId, { ...options, bypassCSP: true });
    peer = await newPerson(stage.browser, stage.origin, `${userId}-peer`);
    await call(userId, 'POST', '/api/groups', {
      conversationId: `${GROUP}-${userId}`,
      name: 'Walks',
      members: [peer.userId],
    });
  });
  afterAll(async () => {
    for (const one of [person, peer]) await one?.leave();
  });

  const on = (testId: string) => person.page.getByTestId(testId);
  const isSound = async () => expect(await violationsOn(person.page)).toEqual([]);

  it('the log-in', async () => {
    const context = await stage.browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(stage.origin);
    await page.getByTestId('register').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await context.close();
  });

  it('a conversation, the actions on a message, and emoji', async () => {
    await person.startConversation(peer.userId);
    await person.write('Hello! https://example.org/');
    await peer.openConversation(userId);
    await peer.write('你好');
    await expect.poll(() => person.texts(), soon).toEqual(['Hello! https://example.org/', '你好']);
    await expect.poll(() => person.states(), soon).toEqual(['read']);
    await isSound();
    await on('message-menu').last().click();
    await isSound();
    await person.page.keyboard.press('Escape');
    await on('emoji').click();
    await on('emoji-picker').waitFor();
    await isSound();
    await person.page.keyboard.press('Escape');
    await toList();
  });

  it('a group, and what is said about it', async () => {
    await person.openGroup(`${GROUP}-${userId}`);
    await person.write('Tomorrow at nine');
    await isSound();
    await on('about-group').click();
    await on('group-members').waitFor();
    await isSound();
    await on('group-close').click();
    await toList();
  });

  it('the list, a search, and a new conversation', async () => {
    await on('conversation').first().waitFor();
    await isSound();
    await on('search').fill('hello');
    await on('search-hit').first().waitFor();
    await isSound();
    await on('search').fill('');
    await on('new-conversation').click();
    await isSound();
    await on('new-group').click();
    await isSound();
    await person.page.keyboard.press('Escape');
  });

  it.each(['settings', 'people', 'moments'])('%s', async (name) => {
    await on(name).click();
    await on({ settings: 'display-name', people: 'find-people', moments: 'moment-text' }[name] ?? '').waitFor();
    await isSound();
    if (name === 'moments') await person.page.goBack();
    else await person.page.keyboard.press('Escape');
  });

  async function toList(): Promise<void> {
    if ((await on('back').count()) > 0 && (await on('back').isVisible())) await on('back').click();
  }
});

/** A call of the HTTP API, which must succeed. */
async function call(userId: string, method: string, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${await stage.cluster.token(userId)}`, 'content-type': 'application/json' };
  const response = await fetch(`${stage.origin}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status, path).toBeLessThan(300);
}
