import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { picture, textFile } from './sample-files.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let li: Person;
const soon = { timeout: 20_000 };
const phone = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  li = await newPerson(stage.browser, stage.origin, 'li.ming', { ...phone, node: 2, locale: 'zh-CN' });
  await ann.startConversation('li.ming');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const on = ({ page }: Person, testId: string): Locator => page.getByTestId(testId);
const pictures = (person: Person) => on(person, 'message').last().getByTestId('picture');
/** The ratios in which the pictures of the last message are shown, and those of the pictures themselves. */
const ratios = (person: Person) =>
  pictures(person)
    .locator('img')
    .evaluateAll((images) =>
      images.map((image) => {
        const { naturalWidth, naturalHeight, clientWidth, clientHeight } = image as HTMLImageElement;
        return [naturalWidth / naturalHeight, clientWidth / clientHeight].map((ratio) => Math.round(ratio * 10) / 10);
      }),
    );

describe('files', () => {
  it('several pictures are chosen, one is left out, and the others are sent with a text', async () => {
    const files = await Promise.all([
      picture(ann.page, 'sea.png', 300, 200),
      picture(ann.page, 'no.png', 300, 200),
      picture(ann.page, 'tree.png', 200, 240),
    ]);
    await on(ann, 'input-pictures').setInputFiles(files);
    await expect.poll(() => on(ann, 'tray-item').count(), soon).toBe(3);
    await ann.page.getByRole('button', { name: 'Leave out no.png' }).click();
    await ann.write('By the sea');
    await expect.poll(() => ann.texts(), soon).toEqual(['By the sea']);
    await expect.poll(() => pictures(ann).count(), soon).toBe(2);
    await expect.poll(() => on(ann, 'tray').count(), soon).toBe(0);
    await expect.poll(() => on(ann, 'pending-message').count(), soon).toBe(0);
  });

  it('the other sees them on a phone, in their ratios, within the width', async () => {
    await li.openConversation('ann');
    await expect.poll(() => li.texts(), soon).toEqual(['By the sea']);
    await expect
      .poll(() => ratios(li), soon)
      .toEqual([
        [1.5, 1.5],
        [0.8, 0.8],
      ]);
    expect(await pictures(li).first().getAttribute('aria-label')).toBe('ann 的图片：sea.png');
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('the conversation list says in words what the last message is, also after a reload', async () => {
    await on(ann, 'input-pictures').setInputFiles([await picture(ann.page, 'a.png', 40, 40)]);
    await on(ann, 'send').click();
    const row = on(ann, 'kind-preview');
    await expect.poll(() => row.textContent(), soon).toBe('Photo');
    await li.page.reload();
    await li.page.getByTestId('back').click();
    await expect.poll(() => on(li, 'kind-preview').textContent(), soon).toBe('图片');
    await li.openConversation('ann');
  });

  it('files that are dropped over the conversation, and pictures that are pasted, are chosen', async () => {
    await ann.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      const chat = document.querySelector('main');
      chat?.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
      chat?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      const pasted = new DataTransfer();
      pasted.items.add(new File(['pasted'], 'pasted.png', { type: 'image/png' }));
      const field = document.querySelector('[data-testid=composer]');
      field?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }));
    });
    const names = () => ann.page.locator('.tray-name').allTextContents();
    await expect.poll(names, soon).toEqual(['dropped.txt', 'pasted.png']);
    for (let left = 2; left > 0; left--) await on(ann, 'leave-out').first().click();
  });

  it('a message takes ten files: the user is told, and may send them', async () => {
    const files = Array.from({ length: 12 }, (_, i) => textFile(`note ${i}.txt`, `${i}`));
    await on(ann, 'input-files').setInputFiles(files);
    await ann.page.getByText('A message takes 10 files at most.').waitFor();
    await on(ann, 'send').click();
    await expect.poll(() => on(ann, 'message').last().getByTestId('file').count(), soon).toBe(10);
  });

  it('what a browser would run is only saved, as it was, and nothing of it runs', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned = 1"><script>pwned = 1</script></svg>';
    const name = '<img src=x onerror="window.pwned = 1">.html';
    await on(ann, 'input-files').setInputFiles([
      textFile('logo.svg', svg, 'image/svg+xml'),
      textFile(name, '<script>window.pwned = 1</script>', 'text/html'),
    ]);
    await on(ann, 'send').click();
    const file = on(li, 'message').last().getByTestId('file');
    await expect.poll(() => file.locator('.file-name').allTextContents(), soon).toEqual(['logo.svg', name]);
    expect(await on(li, 'message').last().locator('img, svg[onload], iframe, object').count()).toBe(0);
    const downloading = li.page.waitForEvent('download');
    await file.first().getByTestId('download').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('logo.svg');
    expect(await readFile(await download.path(), 'utf8')).toBe(svg);
    for (const { page } of [ann, li]) expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await li.scrollsSideways()).toBe(false);
  });

  it('a recalled message shows its files no more', async () => {
    const message = on(ann, 'message').last();
    await message.getByTestId('message-menu').click();
    await ann.page.getByTestId('recall').click();
    await expect.poll(() => on(li, 'message').last().getByTestId('file').count(), soon).toBe(0);
  });

  it('meets no error of the page', () => {
    expect([...ann.faults, ...li.faults]).toEqual([]);
  });
});
