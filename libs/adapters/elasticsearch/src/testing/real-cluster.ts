import { randomUUID } from 'node:crypto';
import { defined, directConversation, HybridClock } from '@chasqui/domain';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { SearchDocument, SearchIndex } from '@chasqui/ports';
import { elasticsearch } from '../../../../../deploy/engines/elasticsearch.ts';
import { type ElasticsearchConfig, readElasticsearchConfig } from '../config.ts';
import { Link } from '../link.ts';
import { type Names, namesOf } from '../names.ts';
import { openElasticsearchEngines } from '../open-engines.ts';
import { setupElasticsearch } from '../setup.ts';

/** For tests: a private installation in the Elasticsearch that `npm run engines:up` starts. */
export class RealInstallation implements AsyncDisposable {
  readonly parts: { config: ElasticsearchConfig; clock: typeof systemClock; random: typeof systemRandom };
  readonly names: Names;
  readonly #link: Promise<Link>;
  readonly #opened: AsyncDisposable[] = [];

  constructor(changes: Partial<ElasticsearchConfig> = {}) {
    const prefix = `test-${randomUUID().slice(0, 8)}`;
    const env = { ...elasticsearch.settings, CHASQUI_ELASTICSEARCH_SHARDS: '1', CHASQUI_ELASTICSEARCH_INDEX: prefix };
    const config = { ...readElasticsearchConfig(new ConfigReader(env)), ...changes };
    this.parts = { config, clock: systemClock, random: systemRandom };
    this.names = namesOf(config.prefix);
    this.#link = Link.open({ ...this.parts, config: { ...config, deadlineMs: 30_000 } });
  }

  setup(): Promise<void> {
    return setupElasticsearch({ ...this.parts, logger: silentLogger });
  }

  /** Opens it as a separate process would. */
  async open(): Promise<SearchIndex> {
    const engines = await openElasticsearchEngines({ ...this.parts, logger: silentLogger });
    this.#opened.push(engines);
    return engines.search;
  }

  async call<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
    const link = await this.#link;
    return await link.request<T>({ method, path, ...defined({ body }) });
  }

  /** Everything written can be searched when this resolves, without waiting for the refresh interval. */
  async refresh(): Promise<void> {
    await this.call('POST', `/${this.names.pattern}/_refresh`);
  }

  async deleteIndices(): Promise<void> {
    const indices = Object.keys(await this.call<object>('GET', `/${this.names.pattern}/_alias`));
    if (indices.length > 0) await this.call('DELETE', `/${indices.join(',')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engines of this.#opened) await engines[Symbol.asyncDispose]();
    await this.deleteIndices();
    await this.call('DELETE', `/_index_template/${this.names.template}`).catch(() => {});
    await (await this.#link)[Symbol.asyncDispose]();
  }
}

/** Makes documents of Ann's messages to Bob, each newer than the last. */
export function sampleDocuments(): (text: string) => SearchDocument {
  const ids = new HybridClock({ now: systemClock.now, tag: 7 });
  return (text) => ({
    messageId: ids.next(),
    conversationId: directConversation('ann', 'bob'),
    from: 'ann',
    logs: ['ann', 'bob'],
    text,
    sentAt: systemClock.now(),
    status: 'stored',
    version: 1,
  });
}
