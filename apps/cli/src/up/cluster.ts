import { join } from 'node:path';
import { startApi } from '@chasqui/app-api/app';
import { startBusiness } from '@chasqui/app-business/app';
import { type RunningConnect, startConnect } from '@chasqui/app-connect/app';
import { startDataSync } from '@chasqui/app-datasync/app';
import { startEngines } from '@chasqui/app-engine/app';
import type { Limits } from '@chasqui/domain';
import { type CommonConfig, type Logger, loadSecrets } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';

export interface ClusterOptions {
  common: CommonConfig;
  /** Connect nodes. */
  nodes: number;
  /** API and page; node i listens on `port + i`, its peer server on `port + 100 + i`. 0: free ones everywhere. */
  port: number;
  logger: Logger;
  limits?: Limits;
  gatewayEngine?: 'auto' | 'uws' | 'ws';
  /** The folder of the built page; absent: no page. */
  webRoot?: string;
}

export interface RunningCluster extends AsyncDisposable {
  /** API and page. */
  url: string;
  connect: readonly RunningConnect[];
  /** For tests and commands of the same process. */
  engines: Engines;
}

const INBOX_RETENTION_DAYS = 90;

/** Every app on the embedded engines in this one process. Disposed in the reverse order, so that all is drained (C14). */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { common, nodes, port, logger, limits, gatewayEngine = 'auto', webRoot } = options;
  const offset = (n: number) => (port === 0 ? 0 : port + n);
  const part = (name: string) => logger.child({ part: name });
  await using stack = new AsyncDisposableStack();
  const { engines } = stack.use(await startEngines(common, part('engine')));
  const secrets = await loadSecrets(common.dataDir, common);
  const shared = { engines, secrets, ...(limits === undefined ? {} : { limits }) };
  stack.use(await startDataSync({ config: { ...common, statusPort: offset(202) }, engines, logger: part('datasync') }));
  stack.use(
    await startBusiness({
      ...shared,
      config: { ...common, statusPort: offset(201), inboxRetentionDays: INBOX_RETENTION_DAYS },
      logger: part('business'),
    }),
  );
  const connect: RunningConnect[] = [];
  for (let i = 1; i <= nodes; i++) {
    const config = { ...common, port: offset(i), peerPort: offset(100 + i), gatewayEngine };
    connect.push(stack.use(await startConnect({ ...shared, config, logger: part(`connect-${i}`) })));
  }
  const api = stack.use(
    await startApi({
      ...shared,
      config: { ...common, port, ...(webRoot === undefined ? {} : { webRoot }) },
      logger: part('api'),
      processMetrics: true,
    }),
  );
  const owned = stack.move();
  return { url: api.url, connect, engines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Where the built page is, relative to this file. */
export const WEB_ROOT = join(import.meta.dirname, '../../../web/dist');
