import { expect } from 'vitest';
import type { Person } from './person.ts';

/**
 * Scrolls a conversation up to its beginning, as a reader does, and returns the texts of its messages in order. Only those near
 * the view are in the page: that what is there next joins on to what was there shows that nothing is left out. `first`: the message
 * at which to end, where the page cannot know that it is the first one.
 */
export async function readUp(person: Person, first?: string): Promise<string[]> {
  const { page } = person;
  let all = await person.texts();
  await page.getByTestId('message').last().hover();
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -400);
        const shown = await person.texts();
        const known = shown.indexOf(all[0] ?? '');
        // Too far at once: back to what was seen.
        if (known < 0) await page.mouse.wheel(0, 700);
        if (known < 0) return `nothing of ${shown[0]} … was seen before`;
        all = [...shown.slice(0, known), ...all];
        if (all[0] === first) return true;
        return page.getByTestId('history-start').evaluateAll(([start]) => {
          return start !== undefined && start.getBoundingClientRect().bottom > 0;
        });
      },
      { timeout: 30_000, interval: 20 },
    )
    .toBe(true);
  return all;
}
