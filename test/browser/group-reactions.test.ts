import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createGroup, leaveGroup } from './group-page.ts';
import { chooseFor, messageWith } from './messages.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const soon = { timeout: 15_000 };

let stage: Stage;
let [ann, ben, cleo]: Person[] = [];
beforeAll(async () => {
  stage = await openStage();
  [ann, ben, cleo] = await Promise.all(
    ['ann', 'ben', 'cleo'].map((name, index) =>
      newPerson(stage.browser, stage.origin, name, { node: (index % 2) + 1 }),
    ),
  );
});
afterAll(() => stage?.[Symbol.asyncDispose]());

async function react(person: Person, text: string, emoji: string): Promise<void> {
  await messageWith(person, text).hover();
  await messageWith(person, text).getByTestId('message-menu').click();
  await person.page.getByTestId('quick-reaction').filter({ hasText: emoji }).click();
}

const chips = ({ page }: Person) => page.getByTestId('reaction').allTextContents();

describe('in a group whose newcomers do not see what was before', () => {
  it('members see who reacted with what, and a newcomer nothing of it', async () => {
    if (ann === undefined || ben === undefined || cleo === undefined) throw new Error('nobody is there');
    const group = await createGroup(ann, 'Riverside', '', ['ben']);
    await ann.write('Before cleo came');
    await ben.openGroup(group);
    await react(ben, 'Before', '👍');
    await expect.poll(() => chips(ann as Person), soon).toEqual(['👍 1']);
    await addMember(ann, 'cleo');
    await cleo.openGroup(group);
    await react(ann, 'Before', '👍');
    for (const member of [ann, ben]) await expect.poll(() => chips(member), soon).toEqual(['👍 2']);
    await ann.write('Now she is here');
    await react(cleo, 'Now she', '❤️');
    for (const member of [ann, ben]) await expect.poll(() => chips(member), soon).toEqual(['👍 2', '❤️ 1']);
    await expect.poll(() => chips(cleo as Person), soon).toEqual(['❤️ 1']);
    await cleo.page.reload();
    await messageWith(cleo, 'Now she').waitFor();
    await expect.poll(() => chips(cleo as Person), soon).toEqual(['❤️ 1']);
  });

  it('who reacted is listed, for as long as one is a member', async () => {
    if (ann === undefined || ben === undefined || cleo === undefined) throw new Error('nobody is there');
    await chooseFor(ben, 'Before', 'who-reacted');
    const rows = ben.page.getByTestId('reactors').getByTestId('person');
    await expect
      .poll(() => rows.evaluateAll((all) => all.map((row) => row.dataset.user)), soon)
      .toEqual(['ann', 'ben']);
    await ben.page.keyboard.press('Escape');
    await leaveGroup(ben);
    await expect.poll(() => chips(ben as Person), soon).toEqual([]);
    await messageWith(ben, 'Before').hover();
    await messageWith(ben, 'Before').getByTestId('message-menu').click();
    await ben.page.getByTestId('select').waitFor();
    for (const item of ['who-reacted', 'quick-reaction']) expect(await ben.page.getByTestId(item).count()).toBe(0);
    expect(await chips(ann)).toEqual(['👍 2', '❤️ 1']);
    expect([ann, ben, cleo].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
