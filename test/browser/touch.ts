import type { Locator, Page } from 'playwright-core';

/** Moves a finger over an element, `by` px sideways, or rests it there for `restMs`. */
export async function touch(page: Page, element: Locator, { by = 0, restMs = 0 }): Promise<void> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('the element is not on the screen');
  const session = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const put = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y }] });
  await put('touchStart', x);
  for (let step = 1; by !== 0 && step <= 5; step++) await put('touchMove', x + (by * step) / 5);
  if (restMs > 0) await page.waitForTimeout(restMs);
  await put('touchEnd');
  await session.detach();
}
