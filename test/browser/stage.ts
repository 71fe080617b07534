import type { Browser } from 'playwright-core';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { launchChromium } from './chromium.ts';

/** A cluster of two nodes that serves the page, and a browser. */
export interface Stage extends AsyncDisposable {
  cluster: TestCluster;
  browser: Browser;
  /** The page's address. */
  origin: string;
}

/** `args`: further arguments of the browser. */
export async function openStage(env: { [name: string]: string } = {}, args: readonly string[] = []): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startTestCluster({ page: true, env }));
  const browser = stack.adopt(await launchChromium(args), (launched) => launched.close());
  const owned = stack.move();
  const origin = cluster.running.url;
  return { cluster, browser, origin, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
