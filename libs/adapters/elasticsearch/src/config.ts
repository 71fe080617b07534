import { defined } from '@chasqui/domain';
import type { ConfigReader } from '@chasqui/kit';

export interface ElasticsearchConfig {
  /** Nodes of one cluster; calls may go to any of them. */
  urls: readonly string[];
  /** Absent: the cluster requires none. */
  credentials?: { apiKey: string } | { username: string; password: string };
  /** PEM file of the authority that signed the nodes' certificates. Absent: the machine's own list. */
  ca?: string;
  /** Prefix of the names of all indices, aliases and templates, so that several installations can share a cluster. */
  prefix: string;
  /** Shards of a new index, made by setup or a rebuild. The number is fixed for the life of the index. */
  shards: number;
  /** Replicas of each shard, as far as there are nodes for them. */
  replicas: number;
  /** Deadline of a call, milliseconds. Transient errors are retried within it. Writes get twice as long. */
  deadlineMs: number;
  /** How long a starting app waits for a cluster that does not answer, milliseconds. */
  startWaitMs: number;
}

export function readElasticsearchConfig(reader: ConfigReader): ElasticsearchConfig {
  const credentials = readCredentials(reader);
  const ca = reader.optional('CHASQUI_ELASTICSEARCH_CA');
  return {
    urls: reader.parsed('CHASQUI_ELASTICSEARCH_URL', 'http://127.0.0.1:9200', parseUrls),
    ...defined({ credentials, ca }),
    prefix: reader.parsed('CHASQUI_ELASTICSEARCH_INDEX', 'chasqui', parsePrefix),
    shards: reader.integer('CHASQUI_ELASTICSEARCH_SHARDS', 3, { min: 1, max: 1_000 }),
    replicas: reader.integer('CHASQUI_ELASTICSEARCH_REPLICAS', 1, { min: 0, max: 10 }),
    deadlineMs: reader.integer('CHASQUI_ELASTICSEARCH_DEADLINE_MS', 5_000, { min: 500, max: 60_000 }),
    startWaitMs: reader.integer('CHASQUI_ELASTICSEARCH_START_WAIT_MS', 30_000, { min: 0, max: 600_000 }),
  };
}

function readCredentials(reader: ConfigReader): ElasticsearchConfig['credentials'] {
  const apiKey = reader.secret('CHASQUI_ELASTICSEARCH_API_KEY', { minLength: 1 });
  if (apiKey !== undefined) return { apiKey };
  const username = reader.optional('CHASQUI_ELASTICSEARCH_USERNAME');
  if (username === undefined) return undefined;
  return { username, password: reader.secret('CHASQUI_ELASTICSEARCH_PASSWORD', { minLength: 1 }) ?? '' };
}

function parseUrls(text: string): readonly string[] {
  const urls = text.split(',').map((one) => one.trim());
  for (const url of urls) {
    const { protocol, username, search } = URL.parse(url) ?? { protocol: '', username: '', search: '' };
    if (!['http:', 'https:'].includes(protocol) || search !== '') {
      throw new Error('must be http(s)://host:port, or several with commas between');
    }
    if (username !== '')
      throw new Error(
        `must not hold credentials: set CHASQUI_ELASTICSEARCH_USERNAME and CHASQUI_ELASTICSEARCH_PASSWORD`,
      );
  }
  return urls;
}

/** Accepts what Elasticsearch allows at the beginning of a name. */
function parsePrefix(text: string): string {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(text)) throw new Error('must be 1 to 64 of a–z 0–9 _ -, with a letter first');
  return text;
}
