import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type AppOptions, onOwnEngines, openRuntime } from '@chasqui/app';
import { type NearPeers, openPeers, openSends } from '@chasqui/app/peers';
import { openBlobs } from '@chasqui/blobs';
import { type Clock, CONSUMER_GROUPS, defined, ImError } from '@chasqui/domain';
import { ALL_ROLES, type Role } from '@chasqui/engines';
import {
  assemble,
  hostInUrl,
  type Logger,
  loadSecrets,
  localHost,
  type Metrics,
  OTHER_PORT,
  type Secrets,
} from '@chasqui/kit';
import { createScanner, openMediaFiles } from '@chasqui/media';
import { createTokenIssuer, createTokenVerifier } from '@chasqui/tokens';
import { type ApiTokens, createApi, type WebSocketHandler } from './api.ts';
import { type ApiConfig, DEFAULT_ACCESS_TTL_S, DEFAULT_REFRESH_TTL_S } from './config.ts';

export interface RunningApi extends AsyncDisposable {
  port: number;
  /** The API's URL for users and programs, for example `http://127.0.0.1:4400`. */
  url: string;
}

export interface StartApiOptions extends AppOptions<ApiConfig, Role> {
  secrets: Secrets;
  /** Connect nodes of this process. */
  near?: NearPeers;
  /** Other faults of this process, for `/readyz`. */
  degraded?: () => string[];
  /** Takes the WebSockets on this port. Absent: there are none. */
  webSockets?: WebSocketHandler;
  /** Those of the other apps of the process. */
  otherMetrics?: readonly Pick<Metrics, 'expose'>[];
}

const CLOCK_TOLERANCE_S = 5;

/** Starts the HTTP API on the given engines. Errors: `config_invalid`, which names the port if it is taken. */
export function startApi(options: StartApiOptions): Promise<RunningApi> {
  const { config, engines, secrets, near, logger, degraded = () => [], webSockets, otherMetrics } = options;
  const { host, port, webRoot } = config;
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'api', options);
    const { clock, random } = runtime;
    const peers = openPeers(stack, runtime, { secrets, paceMs: 0 });
    const blobs = stack.use(await openBlobs(config.blobs, { clock, random }));
    blobs.ping().catch((error: unknown) => logger.error({ err: error }, 'the picture store is unavailable'));
    const api = await createApi({
      runtime,
      engines,
      peers,
      sends: openSends(stack, runtime, { secrets, near }),
      blobs,
      mediaFiles: stack.use(await openMediaFiles({ folder: join(config.dataDir, 'media'), logger: runtime.logger })),
      ...(config.scanner && { scanner: stack.use(createScanner(config.scanner)) }),
      degraded,
      tokens: tokensOf(config, { clock, secret: secrets.jwtSecret }),
      codeSecret: secrets.peerSecret,
      ...defined({ webRoot, webSockets, otherMetrics }),
      settings: { ...config.settings, watchedGroups: CONSUMER_GROUPS },
    });
    stack.defer(() => api.close());
    try {
      await api.listen({ host, port });
    } catch (error) {
      throw new ImError(
        'config_invalid',
        `the API cannot listen on ${hostInUrl(host)}:${port}. ${OTHER_PORT}`,
        {},
        error,
      );
    }
    const { port: bound } = api.server.address() as AddressInfo;
    return { port: bound, url: `http://${hostInUrl(localHost(host))}:${bound}` };
  });
}

function tokensOf(config: ApiConfig, signing: { clock: Clock; secret: string }): ApiTokens {
  const { jwksUrl, jwtIssuer, jwtAudience, registration = jwksUrl === undefined } = config;
  const { accessTtlS = DEFAULT_ACCESS_TTL_S, refreshTtlS = DEFAULT_REFRESH_TTL_S } = config;
  const tokens = {
    ...signing,
    ...defined({ issuer: jwtIssuer, audience: jwtAudience }),
  };
  const jwks = jwksUrl === undefined ? {} : { jwks: { url: jwksUrl } };
  return {
    verifier: createTokenVerifier({ ...tokens, ...jwks, clockToleranceS: CLOCK_TOLERANCE_S }),
    ...(registration ? { issuer: createTokenIssuer({ ...tokens, accessTtlS, refreshTtlS }) } : {}),
  };
}

/** The API as a process of its own. */
export async function apiApp(config: ApiConfig, logger: Logger): Promise<RunningApi> {
  const secrets = await loadSecrets(config);
  return onOwnEngines({ config, logger, roles: ALL_ROLES }, (own) => startApi({ ...own, secrets }));
}
