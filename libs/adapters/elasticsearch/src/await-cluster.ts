import { ImError } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { ElasticsearchConfig } from './config.ts';
import { type FaultKind, kindOf } from './faults.ts';
import type { Link } from './link.ts';

const ATTEMPT_MS = 250;
const REPORT_MS = 5_000;
const MAJOR = '8.';

/** Remedies of faults that waiting does not cure. */
const REMEDIES: { readonly [K in Exclude<FaultKind, 'away'>]: string } = {
  missing: 'run "npx chasqui setup"',
  denied:
    'set CHASQUI_ELASTICSEARCH_API_KEY, or _USERNAME and _PASSWORD; needed are the cluster right "monitor" and all on the indices of CHASQUI_ELASTICSEARCH_INDEX',
  refused: 'see CHASQUI_ELASTICSEARCH_URL',
};

/**
 * Waits until the cluster answers, has the right version, and `check` succeeds; logs every 5 s that it waits. Errors:
 * `config_invalid` if waiting would not help, `search_unavailable` if the cluster did not answer in time; both name the
 * remedy.
 */
export async function untilReady(
  link: Link,
  { urls, startWaitMs }: ElasticsearchConfig,
  logger: Logger,
  check: () => Promise<void>,
): Promise<void> {
  const place = `Elasticsearch at ${urls.join(', ')}`;
  const startedAt = link.clock.monotonic();
  for (let reportAt = startedAt + REPORT_MS; ; await sleep(link.clock, ATTEMPT_MS)) {
    try {
      await checkVersion(link, place);
      return await check();
    } catch (error) {
      const kind = kindOf(error);
      if (!(error instanceof ImError) || kind === undefined) throw error;
      if (kind !== 'away')
        throw new ImError('config_invalid', `${place}: ${error.message}; ${REMEDIES[kind]}`, {}, error);
      const now = link.clock.monotonic();
      if (now - startedAt >= startWaitMs) {
        const text = `${place} was away for ${Math.round(startWaitMs / 1000)} s (${error.message}): start it, or change CHASQUI_ELASTICSEARCH_URL`;
        throw new ImError('search_unavailable', text, {}, error);
      }
      if (now >= reportAt) {
        reportAt += REPORT_MS;
        logger.warn({ urls, why: error.message }, 'waiting for Elasticsearch');
      }
    }
  }
}

async function checkVersion(link: Link, place: string): Promise<void> {
  const answer = await link.attempt<{ version?: { number?: string } }>({ method: 'GET', path: '/' });
  const version = answer.version?.number ?? 'unknown';
  if (version.startsWith(MAJOR)) return;
  throw new ImError('config_invalid', `${place} has version ${version}; 8 is required`);
}
