import type { Browser } from 'playwright-core';
import { launchChromium } from '../../browser/chromium.ts';
import { startTestCluster, type TestCluster } from '../../cluster/cluster.ts';
import { application, openConsumer } from './consumer.ts';

/** What all tests of the packed library share: packing and installing it takes longer than they do. */
export interface Outside extends AsyncDisposable {
  /** Has the packed library and other packages in its `node_modules`, also for folders below it. */
  folder: string;
  cluster: TestCluster;
  browser: Browser;
}

export async function openOutside(packages: string[]): Promise<Outside> {
  await using stack = new AsyncDisposableStack();
  const consumer = stack.use(await openConsumer());
  const folder = await application(consumer, 'applications', packages);
  const cluster = stack.use(await startTestCluster());
  const browser = stack.adopt(await launchChromium(), (launched) => launched.close());
  const owned = stack.move();
  return { folder, cluster, browser, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
