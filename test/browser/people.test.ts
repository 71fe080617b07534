import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../journeys/devices.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let ben: Person;

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  ben = await newPerson(stage.browser, stage.origin, 'ben', { node: 2 });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const closeDialog = ({ page }: Person) => page.keyboard.press('Escape');

describe('people', () => {
  it('say what they are called, are found by it, and become contacts', async () => {
    await ben.page.getByTestId('settings').click();
    await ben.page.getByTestId('display-name').fill('Benjamin 本');
    await ben.page.getByTestId('save-name').click();
    await ben.page.getByText('Saved.').waitFor();
    await ben.page.getByTestId('display-name').fill('Ben\u202enimaj');
    await ben.page.getByTestId('save-name').click();
    await ben.page.getByRole('alert').getByText('This name is not allowed.').waitFor();
    await closeDialog(ben);
    await ann.page.getByTestId('people').click();
    await ann.page.getByTestId('find-people').fill('benj');
    const found = ann.page.getByTestId('found-people').locator('[data-user=ben]');
    await found.getByText('Benjamin 本').waitFor();
    await found.getByTestId('ask').click();
    await ann.page.getByTestId('contacts-outgoing').locator('[data-user=ben]').waitFor();
    await closeDialog(ann);
    await ben.page.getByTestId('people').click();
    await ben.page.getByTestId('contacts-incoming').locator('[data-user=ann]').getByTestId('accept').click();
    await ben.page.getByTestId('contacts-contact').locator('[data-user=ann]').waitFor();
    await closeDialog(ben);
    await ann.page.getByTestId('people').click();
    await ann.page.getByTestId('contacts-contact').locator('[data-user=ben]').getByRole('button').click();
    await ann.page.locator('[data-testid=chat][data-peer=ben]').waitFor();
  });

  it('see when somebody was last there, and not who hides it', async () => {
    await ben.leave();
    await ann.page.locator('[data-testid=presence][data-online=false]').waitFor();
    await ann.page.getByText(/^last seen/).waitFor();
    await ben.comeBack();
    await ann.page.locator('[data-testid=presence][data-online=true]').waitFor();
    await ben.page.getByTestId('settings').click();
    await ben.page.getByTestId('privacy-lastSeen').selectOption('nobody');
    await expect.poll(() => ben.page.getByTestId('privacy-lastSeen').inputValue()).toBe('nobody');
    await closeDialog(ben);
    await ben.leave();
    await ann.page.locator('[data-testid=presence][data-online=false]').waitFor();
    await expect.poll(() => ann.page.getByTestId('presence').textContent()).toBe('offline');
    await ben.comeBack();
  });

  it('are blocked, find their message unsent, and can be let back', async () => {
    await ann.write('hello');
    await expect.poll(() => ben.unread('ann')).toBe(1);
    await ben.openConversation('ann');
    await ben.page.getByTestId('about').click();
    await ben.page.locator('[data-testid=block][data-blocked=false]').click();
    await ben.page.locator('[data-testid=block][data-blocked=true]').waitFor();
    await closeDialog(ben);
    // A block works in both directions, and the blocker's presence is no longer visible.
    await ben.page.getByTestId('composer-blocked').waitFor();
    expect(await ben.page.getByTestId('composer').count()).toBe(0);
    await ann.page.locator('[data-testid=presence][data-online=false]').waitFor();
    const attempts = { timeout: 30_000, interval: 1_000 };
    await expect
      .poll(async () => {
        await ann.write('are you there?');
        await expect.poll(async () => (await ann.states()).at(-1)).not.toBe('sending');
        return (await ann.states()).at(-1);
      }, attempts)
      .toBe('failed');
    // The page states the reason, and does not offer to send again.
    const refused = ann.page.locator('[data-testid=message][data-state=failed]').last();
    expect(await refused.getByTestId('refusal').textContent()).toBe('Not sent. One of you has blocked the other.');
    expect(await refused.getByTestId('resend').count()).toBe(0);
    expect(await refused.getByTestId('dismiss').count()).toBe(1);
    const before = (await ben.texts()).length;
    await ben.page.getByTestId('settings').click();
    await ben.page.getByTestId('blocked').locator('[data-user=ann]').getByRole('button').click();
    await ben.page.getByTestId('blocked').waitFor({ state: 'detached' });
    await closeDialog(ben);
    await ben.page.getByTestId('composer').waitFor();
    await expect
      .poll(async () => {
        await ann.write('and now?');
        return (await ben.texts()).length;
      }, attempts)
      .toBeGreaterThan(before);
  });

  it('log a device out from another', async () => {
    using phone = await openDevice(stage.cluster, { user: 'ann', node: 2, deviceId: 'an-old-phone' });
    const reasons: string[] = [];
    phone.client.on('kicked', ({ reason }) => reasons.push(reason));
    await ann.page.getByTestId('settings').click();
    const row = ann.page.locator('[data-testid=device][data-device=an-old-phone]');
    await row.getByTestId('end-device').click();
    await row.waitFor({ state: 'detached' });
    await expect.poll(() => reasons).toEqual(['logged_out']);
    await closeDialog(ann);
  });

  it('meet no error of the page and no refusal of its policy', () => {
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  });
});
