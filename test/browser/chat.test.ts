import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;
const soon = { timeout: 15_000 };

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  bob = await newPerson(stage.browser, stage.origin, 'bob', { node: 2 });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const texts = ['Hello Bob, are you there?', '我在。北京今天下雨了。', 'Take an umbrella!\nAnd a coat.', '好的，谢谢！'];

describe('two people on two nodes', () => {
  it('are where they asked to be', async () => {
    expect(await ann.page.getByTestId('connection').getAttribute('data-node')).toBe('1');
    expect(await bob.page.getByTestId('connection').getAttribute('data-node')).toBe('2');
  });

  it('C5, C6: chat both ways in English and Chinese, each message once and in the same order', async () => {
    await ann.startConversation('bob');
    await ann.write(texts[0] ?? '');
    await bob.openConversation('ann');
    await expect.poll(() => bob.texts(), soon).toEqual(texts.slice(0, 1));
    await bob.write(texts[1] ?? '');
    await expect.poll(() => ann.texts(), soon).toEqual(texts.slice(0, 2));
    await ann.page.getByTestId('composer').pressSequentially('Take an umbrella!');
    await ann.page.keyboard.press('Shift+Enter');
    await ann.page.keyboard.type('And a coat.');
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => bob.texts(), soon).toEqual(texts.slice(0, 3));
    await bob.write(texts[3] ?? '');
    await expect.poll(() => ann.texts(), soon).toEqual(texts);
    await expect.poll(() => bob.texts(), soon).toEqual(texts);
  });

  it('C7: see that what they wrote is read', async () => {
    await expect.poll(() => ann.states(), soon).toEqual(['read', 'read']);
    await expect.poll(() => bob.states(), soon).toEqual(['read', 'read']);
    const sign = ann.page.getByTestId('chat').getByTestId('state').last();
    expect(await sign.getAttribute('aria-label')).toBe('Read');
  });

  it('C8: have nothing unread in an open conversation', async () => {
    await expect.poll(() => ann.unread('bob'), soon).toBe(0);
    await expect.poll(() => ann.page.title(), soon).toBe('Chasqui');
  });

  it('C6: edit what they wrote, by the key and by the menu, and both see that it was edited', async () => {
    const composer = ann.page.getByTestId('composer');
    await composer.press('ArrowUp');
    await ann.page.getByTestId('editing').waitFor();
    await expect.poll(() => composer.inputValue(), soon).toBe(texts[2]);
    await composer.fill('Take a large umbrella!');
    await composer.press('Enter');
    texts[2] = 'Take a large umbrella!';
    await expect.poll(() => bob.texts(), soon).toEqual(texts);
    await expect.poll(() => ann.texts(), soon).toEqual(texts);
    for (const person of [ann, bob])
      await expect.poll(() => person.page.getByTestId('edited').allTextContents(), soon).toEqual(['edited']);
    await ann.page.getByTestId('message').first().getByTestId('message-menu').click();
    await ann.page.getByTestId('edit').click();
    await composer.press('Escape');
    await ann.page.getByTestId('editing').waitFor({ state: 'detached' });
    expect(await composer.inputValue()).toBe('');
  });

  it('see one another come, and type', async () => {
    await ann.page.locator('[data-testid=presence][data-online=true]').waitFor();
    await bob.page.getByTestId('composer').pressSequentially('Let me thi');
    await ann.page.locator('[data-testid=typing][data-active=true]').waitFor();
    await bob.page.getByTestId('composer').fill('');
    await ann.page.locator('[data-testid=typing][data-active=false]').waitFor({ state: 'attached' });
  });

  it('choose a candidate of an input method with Enter without sending', async () => {
    const devtools = await ann.page.context().newCDPSession(ann.page);
    await ann.page.getByTestId('composer').focus();
    await devtools.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 });
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', windowsVirtualKeyCode: 229 });
    await devtools.send('Input.insertText', { text: '你好' });
    expect(await ann.page.getByTestId('composer').inputValue()).toBe('你好');
    expect(await ann.texts()).toEqual(texts);
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => bob.texts(), soon).toEqual([...texts, '你好']);
  });

  it('take a message back at both ends', async () => {
    const own = ann.page.getByTestId('message').last();
    await own.hover();
    await own.getByTestId('message-menu').click();
    await own.getByTestId('recall').click();
    await expect.poll(() => bob.texts(), soon).toEqual([...texts, 'This message was taken back.']);
    await expect.poll(() => ann.texts(), soon).toEqual([...texts, 'You took this message back.']);
  });

  it('find the same after a reload, from the history', async () => {
    await ann.page.reload();
    await ann.isConnected();
    await expect.poll(() => ann.texts(), soon).toEqual([...texts, 'You took this message back.']);
    await expect.poll(async () => (await ann.states()).slice(0, 2), soon).toEqual(['read', 'read']);
  });

  it('are told when there is nobody with a user id', async () => {
    await ann.page.getByTestId('new-conversation').click();
    await ann.page.getByTestId('new-conversation-peer').fill('nobody');
    await ann.page.getByTestId('new-conversation-start').click();
    await ann.page.getByText('There is nobody with this user id.').waitFor();
    await ann.page.keyboard.press('Escape');
  });

  it('meet no error of the page and no refusal of its policy', () => {
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });
});
