import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
/** Bob's tabs, in the order in which they were opened: the first one leads. */
const tabs: Person[] = [];
const faults: string[] = [];
const soon = { timeout: 20_000 };
/** A leader that does not answer is given up after eight seconds. */
const later = { timeout: 40_000 };

async function openTab(): Promise<Person> {
  const context = tabs[0]?.page.context();
  if (context === undefined) throw new Error('bob has no tab');
  const tab = new Person('bob', context, await context.newPage(), stage.origin);
  await tab.page.goto(stage.origin);
  await tab.isConnected();
  await tab.openConversation('ann');
  tabs.push(tab);
  return tab;
}

/** The tab is gone, and does not count any more. */
async function end(tab: Person, how: (page: Page) => Promise<unknown>): Promise<void> {
  faults.push(...tab.faults);
  tabs.splice(tabs.indexOf(tab), 1);
  await how(tab.page);
}

/** The tabs that have a connection. */
async function connected(): Promise<number> {
  const { holders } = await (tabs[0] as Person).page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return { holders: held.filter(({ name }) => name?.startsWith('chasqui [')).length };
  });
  return holders;
}

async function allShow(texts: string[]): Promise<void> {
  for (const each of [ann, ...tabs]) await expect.poll(() => each.texts(), later).toEqual(texts);
}

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  tabs.push(await newPerson(stage.browser, stage.origin, 'bob'));
  await ann.startConversation('bob');
  await ann.write('one');
  await tabs[0]?.openConversation('ann');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('several tabs of one browser', () => {
  it('C6: are live at once over one connection, and each of them sends', async () => {
    const sockets: string[] = [];
    tabs[0]?.page.context().on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())));
    const second = await openTab();
    await openTab();
    await allShow(['one']);
    await ann.write('two');
    await allShow(['one', 'two']);
    await second.write('three');
    await allShow(['one', 'two', 'three']);
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'read']);
    for (const tab of tabs) await expect.poll(() => tab.states(), soon).toEqual(['read']);
    expect(sockets).toEqual([]);
    await expect.poll(() => connected(), soon).toBe(1);
  });

  it('C8: count as one reader: what one tab has on the screen is read in all', async () => {
    const [first, second] = tabs as [Person, Person];
    for (const { page } of tabs) await page.goto(stage.origin);
    await ann.write('four');
    for (const tab of tabs) await expect.poll(() => tab.unread('ann'), soon).toBe(1);
    await second.openConversation('ann');
    for (const tab of tabs) await expect.poll(() => tab.unread('ann'), soon).toBe(0);
    for (const tab of [first, ...tabs.slice(2)]) await tab.openConversation('ann');
    await allShow(['one', 'two', 'three', 'four']);
  });

  it('C3: go on when the one that has the connection is closed', async () => {
    await end(tabs[0] as Person, (page) => page.close());
    await tabs[0]?.write('five');
    await ann.write('six');
    await expect
      .poll(async () => (await ann.texts()).toSorted(), later)
      .toEqual(['one', 'two', 'three', 'four', 'five', 'six'].toSorted());
    await allShow(await ann.texts());
  });

  it('C3, C6: go on when its renderer dies', async () => {
    const before = await ann.texts();
    await openTab();
    await end(tabs[0] as Person, async (page) => {
      const devtools = await page.context().newCDPSession(page);
      void devtools.send('Page.crash').catch(() => undefined);
    });
    await tabs[1]?.write('seven');
    await allShow([...before, 'seven']);
    await expect.poll(async () => (await tabs[1]?.states())?.at(-1), soon).toBe('read');
  });

  it('C3: go on when it is suspended; it follows the others when it wakes', async () => {
    const before = await ann.texts();
    const [first, second] = tabs as [Person, Person];
    const devtools = await first.page.context().newCDPSession(first.page);
    await devtools.send('Debugger.enable');
    await devtools.send('Debugger.pause');
    await second.write('eight');
    await expect.poll(() => ann.texts(), later).toEqual([...before, 'eight']);
    await devtools.send('Debugger.disable');
    await ann.write('nine');
    await allShow([...before, 'eight', 'nine']);
    await first.write('ten');
    await allShow([...before, 'eight', 'nine', 'ten']);
    await expect.poll(() => connected(), soon).toBe(1);
  });

  it('sign out together, and in', async () => {
    const [first, second] = tabs as [Person, Person];
    await second.page.getByTestId('settings').click();
    await second.page.getByTestId('sign-out').click();
    for (const { page } of tabs) await page.getByTestId('register').waitFor();
    await expect.poll(connected, soon).toBe(0);
    await first.enter('sign-in');
    await second.isConnected();
  });

  it('meet no error of the page', () => {
    expect([...faults, ...ann.faults, ...tabs.flatMap((tab) => tab.faults)]).toEqual([]);
  });
});
