import type { Page } from 'playwright-core';

/**
 * From now on, and after reloads, a page notes of which messages the rows are rendered anew: it takes the part of React's
 * developer tools.
 */
export async function watchRowRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    interface Fiber {
      alternate: Fiber | null;
      child: Fiber | null;
      sibling: Fiber | null;
      flags: number;
      memoizedProps: { message?: { messageId?: string }; tellsState?: boolean } | null;
    }
    /** Of `flags`: the component was rendered in this commit. */
    const PERFORMED_WORK = 1;
    const renders: string[] = [];
    function visit(fiber: Fiber): void {
      const { alternate, memoizedProps: props } = fiber;
      const isRow = props !== null && typeof props === 'object' && 'tellsState' in props;
      if (isRow && fiber.flags & PERFORMED_WORK) renders.push(props.message?.messageId ?? '');
      if (alternate !== null && alternate.child === fiber.child) return;
      for (let child = fiber.child; child !== null; child = child.sibling) visit(child);
    }
    Object.assign(globalThis, {
      rowRenders: renders,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        inject: () => 1,
        onCommitFiberRoot: (_: number, root: { current: Fiber }) => visit(root.current),
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
      },
    });
  });
}

/** The ids of the messages whose rows were rendered since the last call, once for each time. */
export function rowRenders(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { rowRenders: string[] }).rowRenders.splice(0));
}
