import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { openBlobs } from '@chasqui/blobs';
import { CONSUMER_GROUPS, DEFAULT_LIMITS, ImError, type Limits } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { ALL_ROLES, openEngines } from '@chasqui/engines';
import { createGrpcPeerLink } from '@chasqui/grpc';
import {
  createMetrics,
  type Logger,
  loadSecrets,
  peerCredentials,
  type Secrets,
  systemClock,
  systemRandom,
} from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import type { Engines } from '@chasqui/ports';
import { createTokenIssuer, createTokenVerifier } from '@chasqui/tokens';
import { createApi } from './api.ts';
import { type ApiConfig, DEFAULT_ACCESS_TTL_S, DEFAULT_REFRESH_TTL_S } from './config.ts';

export interface RunningApi extends AsyncDisposable {
  port: number;
  /** Where people and programs find it, for example `http://127.0.0.1:4400`. */
  url: string;
}

export interface StartApiOptions {
  config: ApiConfig;
  engines: Engines;
  secrets: Secrets;
  logger: Logger;
  limits?: Limits;
  /** What else of this process goes wrong, for `/readyz`. */
  degraded?: () => string[];
  /** True where this app is the whole process. */
  processMetrics?: boolean;
}

const CLOCK_TOLERANCE_S = 5;

/** The HTTP API on the engines given. Errors: `config_invalid` naming the port when it cannot be had. */
export async function startApi(options: StartApiOptions): Promise<RunningApi> {
  const { config, engines, secrets, logger, limits = DEFAULT_LIMITS, processMetrics = false } = options;
  const { degraded = () => [] } = options;
  const { host, port, jwksUrl, jwtIssuer, jwtAudience, webRoot } = config;
  const { registration = jwksUrl === undefined } = config;
  const parts = { clock: systemClock, random: systemRandom };
  const { accessTtlS = DEFAULT_ACCESS_TTL_S, refreshTtlS = DEFAULT_REFRESH_TTL_S } = config;
  const tokens = {
    secret: secrets.jwtSecret,
    clock: systemClock,
    ...(jwtIssuer === undefined ? {} : { issuer: jwtIssuer }),
    ...(jwtAudience === undefined ? {} : { audience: jwtAudience }),
  };
  const jwks = jwksUrl === undefined ? {} : { jwks: { url: jwksUrl } };
  await using stack = new AsyncDisposableStack();
  const nodeId = `api-${randomBytes(6).toString('hex')}`;
  const metrics = createMetrics({ app: 'api', processMetrics });
  const { tracing } = stack.use(await openTelemetry({ config: config.telemetry, app: 'api', nodeId, metrics, logger }));
  const peers = stack.use(
    createGrpcPeerLink({
      ...{ ...parts, logger, limits, paceMs: 0 },
      ...peerCredentials(secrets),
      nodeId,
    }),
  );
  const blobs = stack.use(await openBlobs(config.blobs, parts));
  blobs.ping().catch((error: unknown) => logger.error({ err: error }, 'pictures cannot be kept now'));
  const api = await createApi({
    ...engines,
    degraded,
    blobs,
    codeSecret: secrets.peerSecret,
    peers,
    verifier: createTokenVerifier({ ...tokens, ...jwks, clockToleranceS: CLOCK_TOLERANCE_S }),
    ...(registration ? { issuer: createTokenIssuer({ ...tokens, accessTtlS, refreshTtlS }) } : {}),
    ...(webRoot === undefined ? {} : { webRoot }),
    clock: systemClock,
    logger,
    metrics,
    tracing,
    limits,
    settings: { ...config.settings, watchedGroups: CONSUMER_GROUPS },
  });
  stack.defer(() => api.close());
  try {
    await api.listen({ host, port });
  } catch (error) {
    throw new ImError('config_invalid', `the API cannot listen on ${host}:${port}`, {}, error);
  }
  const { port: bound } = api.server.address() as AddressInfo;
  const owned = stack.move();
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The API as a process of its own, on the engines' process. */
export async function apiApp(config: ApiConfig, logger: Logger): Promise<RunningApi> {
  await using stack = new AsyncDisposableStack();
  const secrets = await loadSecrets(config);
  const parts = { clock: systemClock, random: systemRandom, logger };
  const engines = stack.use(
    await openEngines({
      config: config.engines,
      roles: ALL_ROLES,
      embedded: () => connectEmbeddedEngines({ path: config.engineSocket, ...parts }),
      ...parts,
    }),
  );
  const running = stack.use(await startApi({ config, engines, secrets, logger, processMetrics: true }));
  const owned = stack.move();
  return { ...running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
