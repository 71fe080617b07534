import { DEFAULT_LIMITS } from '@chasqui/domain';
import { connectEmbeddedEngines, openEmbeddedEngines } from '@chasqui/embedded';
import { type CommonConfig, type Logger, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines, TokenIssuer } from '@chasqui/ports';
import { createTokenIssuer } from '@chasqui/tokens';

/**
 * The engines of a data folder: those that a running server serves at its socket or, if none runs, opened here for the
 * time of the command.
 */
export async function useEngines(
  { dataDir, engineSocket }: CommonConfig,
  logger: Logger,
): Promise<Engines & AsyncDisposable> {
  const shared = { clock: systemClock, random: systemRandom, logger };
  const remote = await connectEmbeddedEngines({ path: engineSocket, ...shared });
  try {
    await remote.sessions.ping();
    return remote;
  } catch {
    await remote[Symbol.asyncDispose]();
    return openEmbeddedEngines({ dataDir, dedupWindowMs: DEFAULT_LIMITS.dedupWindowMs, ...shared });
  }
}

/** Signs with the installation's own secret. */
export function tokenIssuer({ jwtIssuer, jwtAudience }: CommonConfig, jwtSecret: string, ttlS: number): TokenIssuer {
  return createTokenIssuer({
    secret: jwtSecret,
    clock: systemClock,
    accessTtlS: ttlS,
    refreshTtlS: ttlS,
    ...(jwtIssuer === undefined ? {} : { issuer: jwtIssuer }),
    ...(jwtAudience === undefined ? {} : { audience: jwtAudience }),
  });
}
