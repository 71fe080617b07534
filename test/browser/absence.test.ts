import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;
const soon = { timeout: 20_000 };
const before = 'See you later';
const meanwhile = ['在吗？', 'The train leaves at nine.', '我在站台等你。'];

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  bob = await newPerson(stage.browser, stage.origin, 'bob', { node: 2 });
  await ann.startConversation('bob');
  await ann.write(before);
  await bob.openConversation('ann');
  await ann.page.locator('[data-testid=message][data-state=read]').waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('somebody who was away', () => {
  it('C9: counts as offline, and what is written meanwhile waits', async () => {
    await bob.leave();
    for (const text of meanwhile) await ann.write(text);
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'unread', 'unread', 'unread']);
  });

  it('C8, C10: finds an exact unread count and every message on return, in order and once', async () => {
    await bob.comeBack();
    await expect.poll(() => bob.unread('ann'), soon).toBe(3);
    await expect.poll(() => bob.page.title(), soon).toBe('(3) Chasqui');
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'delivered', 'delivered', 'delivered']);
    await bob.openConversation('ann');
    await expect.poll(() => bob.texts(), soon).toEqual([before, ...meanwhile]);
  });

  it('C7, C8: reads them, and both ends know', async () => {
    await expect.poll(() => bob.unread('ann'), soon).toBe(0);
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'read', 'read', 'read']);
    await bob.page.reload();
    await bob.isConnected();
    expect(await bob.unread('ann')).toBe(0);
  });

  it('C6, C7: writes while cut off; it is sent once when the connection is back', async () => {
    let cut = true;
    await bob.page.routeWebSocket(/\/ws(?:\?|$)/, (socket) =>
      cut ? void socket.close({ code: 4000 }) : socket.connectToServer(),
    );
    await bob.page.reload();
    await bob.page.locator('[data-testid=connection]:not([data-state=online])').waitFor();
    await expect.poll(() => bob.texts(), soon).toEqual([before, ...meanwhile]);
    await bob.write('我马上到');
    await expect.poll(() => bob.states()).toEqual(['sending']);
    cut = false;
    await expect.poll(() => bob.states(), { timeout: 30_000 }).toEqual(['read']);
    expect(await ann.texts()).toEqual([before, ...meanwhile, '我马上到']);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });
});
