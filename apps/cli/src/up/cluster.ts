import { join } from 'node:path';
import { startApi } from '@chasqui/app-api/app';
import { readApiConfig } from '@chasqui/app-api/config';
import { startBusiness } from '@chasqui/app-business/app';
import { readBusinessConfig } from '@chasqui/app-business/config';
import { NearPeers, type RunningConnect, SharedPort, startConnect } from '@chasqui/app-connect/app';
import { readConnectConfig } from '@chasqui/app-connect/config';
import { startDataSync } from '@chasqui/app-datasync/app';
import { readDataSyncConfig } from '@chasqui/app-datasync/config';
import { startEngines } from '@chasqui/app-engine/app';
import { readEngineConfig } from '@chasqui/app-engine/config';
import { startHooks } from '@chasqui/app-hooks/app';
import { readHooksConfig } from '@chasqui/app-hooks/config';
import { startPush } from '@chasqui/app-push/app';
import { readPushConfig } from '@chasqui/app-push/config';
import { RecentMessages } from '@chasqui/core';
import { defined, type Limits } from '@chasqui/domain';
import { assemble, type Environment, type Logger, loadSecrets } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { chosenEngines, playedBy } from '../app.ts';

export interface ClusterOptions {
  /** The environment from which every app reads its configuration; the ports below override it. */
  env: Environment;
  /** Connect nodes. */
  nodes: number;
  /**
   * The port of the API and the page; node i listens on `port + i`, its peer server on `port + 100 + i`. 0: free ports
   * for all.
   */
  port: number;
  logger: Logger;
  limits?: Limits;
  /** The folder of the built page; absent: no page. */
  webRoot?: string;
  /** False: the apps reach Connect nodes by gRPC alone, as if each were a separate process. Default true. */
  direct?: boolean;
}

export interface RunningCluster extends AsyncDisposable {
  /** API and page. */
  url: string;
  connect: readonly RunningConnect[];
  /** For tests and commands of the same process. */
  engines: Engines;
}

/**
 * Every app in this process, on the embedded engines unless the environment names others. Disposed in reverse order, so
 * that everything is drained (C14).
 */
export function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { env, nodes, port, logger, limits, webRoot, direct = true } = options;
  const offset = (n: number) => (port === 0 ? 0 : port + n);
  const part = (name: string) => logger.child({ part: name });
  const common = readEngineConfig(env);
  return assemble(async (stack) => {
    let degradedEngines = (): string[] => [];
    const embedded = async () => {
      const running = await startEngines(common, part('engine'));
      degradedEngines = running.degraded;
      return { ...running.engines, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
    };
    await chosenEngines(env, part('setup')).setup((line) => logger.info({}, line));
    const engines = stack.use(await playedBy(env, embedded, part('engines')));
    const secrets = await loadSecrets(common);
    const shared = {
      engines,
      secrets,
      ...defined({ limits }),
      ...(direct ? { near: new NearPeers() } : {}),
    };
    const lately = new RecentMessages();
    const datasync = withoutStatusPort(readDataSyncConfig(env));
    const consumers = [stack.use(await startDataSync({ config: datasync, engines, lately, logger: part('datasync') }))];
    const push = withoutStatusPort(readPushConfig(env));
    consumers.push(stack.use(await startPush({ config: push, engines, logger: part('push') })));
    const hooks = withoutStatusPort(readHooksConfig(env));
    consumers.push(stack.use(await startHooks({ config: hooks, engines, logger: part('hooks') })));
    const business = withoutStatusPort(readBusinessConfig(env));
    consumers.push(stack.use(await startBusiness({ ...shared, lately, config: business, logger: part('business') })));
    const api = { ...readApiConfig(env), port, ...defined({ webRoot }) };
    const degraded = () => [...consumers.flatMap((consumer) => consumer.degraded()), ...degradedEngines()];
    const sharedPort = new SharedPort();
    const otherMetrics = consumers.map(({ metrics }) => metrics);
    // Before the nodes, so that it ends after them: its server waits for the WebSockets that they drain.
    const { url } = stack.use(
      await startApi({
        ...shared,
        config: api,
        logger: part('api'),
        degraded,
        processMetrics: true,
        webSockets: sharedPort,
        otherMetrics,
      }),
    );
    const connect: RunningConnect[] = [];
    for (let i = 1; i <= nodes; i++) {
      const config = { ...readConnectConfig(env), port: offset(i), peerPort: offset(100 + i) };
      const own = { config, logger: part(`connect-${i}`), instance: `${i}` };
      const node = stack.use(await startConnect({ ...shared, ...own, sharedPort }));
      connect.push(node);
      otherMetrics.push(node.metrics);
    }
    return { url, connect, engines };
  });
}

/** The API answers for the consumers of its process. */
function withoutStatusPort<C extends { statusPort?: number }>(config: C): Omit<C, 'statusPort'> {
  const { statusPort: _, ...rest } = config;
  return rest;
}

/** The folder of the built page, relative to this file. */
export const WEB_ROOT = join(import.meta.dirname, '../../../web/dist');
