import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '@chasqui/app-api/app';
import { readApiConfig } from '@chasqui/app-api/config';
import { startBusiness } from '@chasqui/app-business/app';
import { readBusinessConfig } from '@chasqui/app-business/config';
import { startConnect } from '@chasqui/app-connect/app';
import { readConnectConfig } from '@chasqui/app-connect/config';
import { startDataSync } from '@chasqui/app-datasync/app';
import { readDataSyncConfig } from '@chasqui/app-datasync/config';
import { startEngines } from '@chasqui/app-engine/app';
import { readEngineConfig } from '@chasqui/app-engine/config';
import { startHooks } from '@chasqui/app-hooks/app';
import { readHooksConfig } from '@chasqui/app-hooks/config';
import { startPush } from '@chasqui/app-push/app';
import { readPushConfig } from '@chasqui/app-push/config';
import { loadSecrets, silentLogger as logger } from '@chasqui/kit';

/** The metrics that each app exposes at /metrics, by app: all of them run briefly, on the embedded engines. */
export async function exposedMetrics(): Promise<Record<string, string>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-metrics-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const env = Object.fromEntries(
    ['PORT', 'CONNECT_PORT', ...['BUSINESS', 'DATASYNC', 'PUSH', 'HOOKS'].map((app) => `${app}_STATUS_PORT`)].map(
      (name) => [`CHASQUI_${name}`, '0'],
    ),
  );
  // Some metrics are exposed only with it.
  const retention = { CHASQUI_DIRECT_RETENTION_DAYS: '365' };
  const scanner = { CHASQUI_SCAN_URL: 'clamd://127.0.0.1:1' };
  const common = readEngineConfig({ ...env, CHASQUI_DATA_DIR: dataDir });
  const own = <T extends object>(config: T) => ({ ...config, ...common });
  const { engines } = stack.use(await startEngines(common, logger));
  const shared = { engines, secrets: await loadSecrets(common), logger, processMetrics: true };
  const connect = stack.use(await startConnect({ ...shared, config: own(readConnectConfig(env)) }));
  const business = stack.use(
    await startBusiness({ ...shared, config: own(readBusinessConfig({ ...env, ...retention })) }),
  );
  const datasync = stack.use(await startDataSync({ ...shared, config: own(readDataSyncConfig(env)) }));
  const push = stack.use(await startPush({ ...shared, config: own(readPushConfig(env)) }));
  const hooks = stack.use(await startHooks({ ...shared, config: own(readHooksConfig(env)) }));
  const api = stack.use(await startApi({ ...shared, config: own(readApiConfig({ ...env, ...scanner })) }));
  const ports = {
    connect: connect.port,
    business: business.statusPort,
    datasync: datasync.statusPort,
    push: push.statusPort,
    hooks: hooks.statusPort,
    api: api.port,
  };
  const texts: Record<string, string> = {};
  for (const [app, port] of Object.entries(ports)) {
    texts[app] = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  }
  return texts;
}
