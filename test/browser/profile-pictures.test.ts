import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGroup } from './group-page.ts';
import { newPerson, type Person } from './person.ts';
import { picture, type SampleFile, textFile } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';
import { violationsOn } from './violations.ts';

const soon = { timeout: 15_000 };
/** Screenshots go there, if it is set. */
const shots = process.env.CHASQUI_SHOTS ?? '';

let stage: Stage;
let ann: Person;
let ben: Person;
let face: SampleFile;
let group = '';

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1, locale: 'en-GB', bypassCSP: true });
  ben = await newPerson(stage.browser, stage.origin, 'ben', {
    ...{ node: 2, locale: 'zh-CN', bypassCSP: true },
    ...{ viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true },
  });
  face = await picture(ann.page, 'me.png', 900, 600);
  await ann.startConversation('ben');
  await ann.write('Hello');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string) => page.getByTestId(testId);
/** The picture's side in pixels as the page has loaded it; null: there is none. */
const sideOf = (person: Person, place: string) =>
  person.page.locator(`${place} .avatar > img`).evaluateAll(([img]) => {
    const { naturalWidth = 0, naturalHeight = -1 } = (img ?? {}) as Partial<HTMLImageElement>;
    return img === undefined ? null : naturalWidth === naturalHeight ? naturalWidth : -1;
  });
async function shot(person: Person, name: string): Promise<void> {
  if (shots === '') return;
  mkdirSync(shots, { recursive: true });
  await person.page.screenshot({ path: `${shots}/${name}.png` });
}

describe('pictures of people and groups', () => {
  it('are chosen in the settings, looked at, and saved by the keyboard', async () => {
    await on(ann, 'settings').click();
    await on(ann, 'picture-file').setInputFiles(face);
    await on(ann, 'picture-preview').waitFor();
    const preview = () => on(ann, 'picture-preview').evaluate((img: HTMLImageElement) => [img.naturalWidth, img.alt]);
    await expect.poll(preview, soon).toEqual([600, 'The new picture']);
    await shot(ann, 'preview');
    expect(await violationsOn(ann.page)).toEqual([]);
    await on(ann, 'picture-file').focus();
    await ann.page.keyboard.press('Tab');
    expect(await ann.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('picture-save');
    await ann.page.keyboard.press('Enter');
    await on(ann, 'picture-remove').waitFor(soon);
    await expect.poll(() => sideOf(ann, '[data-testid=picture-setting]'), soon).toBe(128);
    await shot(ann, 'set');
    await ann.page.keyboard.press('Escape');
    await expect.poll(() => sideOf(ann, '.sidebar > .bar'), soon).toBe(128);
  });

  it('are seen by others in the list, the header and the dialog, also on a phone', async () => {
    await ben.page.reload();
    await ben.isConnected();
    await expect.poll(() => sideOf(ben, '[data-testid=conversation][data-peer=ann]'), soon).toBe(128);
    await shot(ben, 'phone-list');
    await ben.openConversation('ann');
    await expect.poll(() => sideOf(ben, '[data-testid=chat] .bar'), soon).toBe(128);
    expect(await violationsOn(ben.page)).toEqual([]);
    await shot(ben, 'phone-chat');
  });

  it('are refused if they are none, and the former one stays', async () => {
    await on(ann, 'settings').click();
    await on(ann, 'picture-file').setInputFiles(textFile('x.svg', '<svg><script>1</script></svg>', 'image/png'));
    await ann.page.getByRole('alert').getByText('This file is no picture').waitFor(soon);
    await expect.poll(() => sideOf(ann, '[data-testid=picture-setting]'), soon).toBe(128);
    await ann.page.keyboard.press('Escape');
  });

  it('are dropped and removed on a phone in Chinese', async () => {
    await ben.page.goBack();
    await on(ben, 'settings').click();
    const bytes = [...face.buffer];
    await on(ben, 'picture-setting').evaluate((target, given) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(given)], 'me.png', { type: 'image/png' }));
      target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, bytes);
    await on(ben, 'picture-save').waitFor();
    await shot(ben, 'phone-preview');
    expect(await ben.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await violationsOn(ben.page)).toEqual([]);
    await on(ben, 'picture-save').click();
    await on(ben, 'picture-remove').waitFor(soon);
    await on(ben, 'picture-remove').click();
    await expect.poll(() => sideOf(ben, '[data-testid=picture-setting]'), soon).toBeNull();
    await ben.page.keyboard.press('Escape');
  });

  it('of a group are set by those who may change it, and shown to its members', async () => {
    group = await createGroup(ann, 'Walks', '🥾', ['ben']);
    await on(ann, 'about-group').click();
    await on(ann, 'edit-group').click();
    await on(ann, 'picture-file').setInputFiles(face);
    await on(ann, 'picture-save').click();
    await on(ann, 'picture-remove').waitFor(soon);
    await shot(ann, 'group');
    expect(await violationsOn(ann.page)).toEqual([]);
    // The form without an emoji keeps it.
    await on(ann, 'group-name').fill('Long walks');
    await on(ann, 'save-group').click();
    await on(ann, 'edit-group').waitFor(soon);
    await on(ann, 'group-close').click();
    for (const person of [ann, ben]) {
      await expect
        .poll(() => sideOf(person, `[data-testid=conversation][data-conversation="${group}"]`), soon)
        .toBe(128);
    }
    await ben.openGroup(group);
    await on(ben, 'about-group').click();
    await on(ben, 'group-members').waitFor();
    await expect.poll(() => sideOf(ben, '[data-testid=group-members] [data-user=ann]'), soon).toBe(128);
    await shot(ben, 'phone-members');
  });

  it('C15: of all this the pages have nothing to complain of', () => {
    for (const { faults } of [ann, ben]) expect(faults).toEqual([]);
  });
});
