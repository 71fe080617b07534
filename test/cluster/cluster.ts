import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningCluster, startCluster, WEB_ROOT } from '@chasqui/app-cli/cluster';
import { defined, type Limits } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';

/** At least 32 bytes, for tests alone. */
export const JWT_SECRET = 'a secret that is used by tests and by nothing else';

export interface TestCluster extends AsyncDisposable {
  running: RunningCluster;
  dataDir: string;
  /** An access token of a user, as a host application would issue it. */
  token(userId: string): Promise<string>;
}

export interface TestClusterOptions {
  nodes?: number;
  limits?: Limits;
  /** Further configuration. */
  env?: { [name: string]: string };
  /** Serve the built page as well. */
  page?: boolean;
  /** False: nodes use gRPC between them. */
  direct?: boolean;
  /** Default: a free one. */
  port?: number;
  /** An existing data folder, which is not removed. */
  kept?: string;
}

/** The whole cluster on free ports and on a new data folder, which is removed with it; a given folder is kept. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { nodes = 2, port = 0, page = false, direct = true, env = {}, limits, kept } = options;
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'chasqui-test-')));
  const running = await startCluster({
    env: {
      CHASQUI_DATA_DIR: dataDir,
      CHASQUI_LOG_LEVEL: 'silent',
      CHASQUI_JWT_SECRET: JWT_SECRET,
      ...env,
    },
    nodes,
    port,
    direct,
    logger: silentLogger,
    ...(page ? { webRoot: WEB_ROOT } : {}),
    ...defined({ limits }),
  });
  const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 7200 });
  return {
    running,
    dataDir,
    token: async (userId) => (await issuer.issue(userId)).accessToken,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
