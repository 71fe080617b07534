import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseFor, messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };

let stage: Stage;
let li: Person;
let ann: Person;
beforeAll(async () => {
  stage = await openStage();
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { bypassCSP: true, ...phone });
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  await ann.startConversation('li.ming');
  await ann.write('words of ann');
  // She has an account, and no device.
  await (await newPerson(stage.browser, stage.origin, 'cleo')).leave();
  await li.startConversation('cleo');
  await li.write('hello');
  await li.page.goBack();
  await li.openConversation('ann');
  await messageWith(li, 'words').waitFor();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** What cleo sets over the HTTP API. */
async function cleoBlocks(method: 'PUT' | 'DELETE'): Promise<void> {
  const headers = { authorization: `Bearer ${await stage.cluster.token('cleo')}` };
  const { ok } = await fetch(`${stage.origin}/api/blocks/li.ming`, { method, headers });
  expect(ok).toBe(true);
}

it('a refused forward is sent again as a forward once nothing stands against it', async () => {
  await cleoBlocks('PUT');
  await chooseFor(li, 'words', 'forward');
  await li.page.getByTestId('forward-goals').getByText('cleo').click();
  await li.page.getByTestId('forward-send').click();
  const refused = li.page.locator('[data-testid=message][data-state=failed]');
  await refused.waitFor();
  expect(await refused.getByTestId('forwarded').textContent()).toContain('ann');
  expect(await li.scrollsSideways()).toBe(false);
  expect(await violationsOn(li.page)).toEqual([]);
  await cleoBlocks('DELETE');
  await expect
    .poll(async () => {
      if ((await refused.count()) > 0) await refused.getByTestId('resend').tap();
      return await li.states();
    }, soon)
    .toEqual(['unread', 'unread']);
  expect(await messageWith(li, 'words').getByTestId('forwarded').textContent()).toContain('ann');
  expect(await li.texts()).toEqual(['hello', 'words of ann']);
  expect([...li.faults, ...ann.faults]).toEqual([]);
});
