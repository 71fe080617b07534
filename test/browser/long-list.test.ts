import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importStory, numbered } from './long-story.ts';
import { busyDuring } from './main-thread.ts';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

const GROUP = 'story';
const COUNT = 100_000;
/** Messages in the page at a time: some screens of them. */
const MOST = 150;
const soon = { timeout: 30_000 };

let stage: Stage;
let ann: Person;

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann');
  await importStory(stage.cluster, { group: GROUP, members: ['ann', 'bob'], count: COUNT });
  await ann.page.reload();
  await ann.isConnected();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** The numbers of the messages in the page, which must follow one another. */
async function numbers(): Promise<number[]> {
  const shown = (await ann.texts()).map((text) => Number(/^#(\d+)/.exec(text)?.[1]));
  expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
  return shown;
}

/** Scrolls by so many px in each frame, for so many frames. Returns the time of each frame, in ms. */
function scroll(px: number, frames: number): Promise<number[]> {
  return ann.page.getByTestId('scroller').evaluate(
    async (scroller, [px = 0, frames = 0]) => {
      const times: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < frames; frame++) {
        scroller.scrollTop += px;
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        times.push(now - last);
        last = now;
      }
      return times;
    },
    [px, frames],
  );
}

/** The messages that are seen wholly, with their places in px. */
function seen(): Promise<{ text: string; top: number }[]> {
  return ann.page.getByTestId('scroller').evaluate((scroller) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll('[data-testid=message]')]
      .map((item) => ({
        box: item.getBoundingClientRect(),
        text: item.querySelector('.bubble-text')?.textContent ?? '',
      }))
      .filter(({ box }) => box.top >= top && box.bottom <= bottom)
      .map(({ box, text }) => ({ text, top: box.top }));
  });
}

describe('a conversation of 100,000 messages', () => {
  it('opens at its end, with few of them in the page', async () => {
    await ann.openGroup(GROUP);
    await expect.poll(async () => (await ann.texts()).at(-1), soon).toBe(numbered(COUNT - 1));
    expect((await numbers()).length).toBeLessThan(MOST);
  });

  it('is scrolled through without a gap, an empty screen or a long task, in bounded memory', async () => {
    const first = (await numbers())[0] ?? 0;
    const frames: number[] = [];
    const busy = await busyDuring(ann.page, async () => {
      for (let part = 0; part < 40; part++) {
        frames.push(...(await scroll(-60, 50)));
        expect((await seen()).length).toBeGreaterThan(0);
        expect((await numbers()).length).toBeLessThan(MOST);
      }
    });
    const reached = (await numbers())[0] ?? 0;
    expect(first - reached).toBeGreaterThan(1_000);
    // A frame has 16.7 ms; other programs run on the machine of a test.
    expect(busy.p95, JSON.stringify(busy)).toBeLessThan(16);
    expect(frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.5)]).toBeLessThan(25);
    const { nodes } = await ann.page.evaluate(() => ({ nodes: document.querySelectorAll('*').length }));
    expect(nodes).toBeLessThan(5_000);
  });

  it('holds what is seen in its place while older ones are loaded and newer ones leave the memory', async () => {
    for (let part = 0; part < 5; part++) {
      const [before] = (await seen()).slice(2);
      await ann.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      const after = (await seen()).find(({ text }) => text === before?.text);
      expect(Math.abs((after?.top ?? -1e6) - (before?.top ?? 0))).toBeLessThan(2);
      await scroll(-3_000, 2);
    }
  });

  it('leads back to the newest by scrolling, without a gap', async () => {
    await expect
      .poll(
        async () => {
          await scroll(400, 20);
          return (await numbers()).at(-1);
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe(COUNT - 1);
    await scroll(10_000, 5);
    await expect.poll(() => ann.page.getByTestId('to-latest').count(), soon).toBe(0);
  });

  it('meets no error of the page', () => {
    expect(ann.faults).toEqual([]);
  });
});
