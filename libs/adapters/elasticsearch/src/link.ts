import { readFile } from 'node:fs/promises';
import { type Clock, defined, ImError, type Random } from '@chasqui/domain';
import { Client } from '@elastic/elasticsearch';
import type { ElasticsearchConfig } from './config.ts';
import { faultOf, kindOf } from './faults.ts';
import { Patience } from './patience.ts';

export interface LinkRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Consists of names that need no escaping. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean>>;
  body?: object;
  /** Lines of JSON, each with its newline. */
  lines?: string;
}

export interface LinkParts {
  config: ElasticsearchConfig;
  clock: Clock;
  random: Random;
}

/** The connection to the cluster: every call has a deadline, and transient failures are retried within it. */
export class Link implements AsyncDisposable {
  readonly clock: Clock;
  readonly random: Random;
  readonly #client: Client;
  readonly #deadlineMs: number;

  private constructor({ config, clock, random }: LinkParts, client: Client) {
    this.clock = clock;
    this.random = random;
    this.#client = client;
    this.#deadlineMs = config.deadlineMs;
  }

  /** Does not connect yet. Errors: `config_invalid` if the authority's file cannot be read. */
  static async open(parts: LinkParts): Promise<Link> {
    const { urls, credentials, ca } = parts.config;
    const tls = ca === undefined ? {} : { tls: { ca: await readCa(ca) } };
    const auth = defined({ auth: credentials });
    // The driver's own retries ignore deadlines and leave out 429.
    return new Link(parts, new Client({ nodes: [...urls], maxRetries: 0, ...auth, ...tls }));
  }

  /** A patience of `calls` times one call's deadline. */
  patience(calls = 1): Patience {
    return new Patience(this.clock, this.random, calls * this.#deadlineMs);
  }

  /** The body of the answer. Errors: `search_unavailable`; `kindOf` gives the kind. */
  async request<T>(request: LinkRequest, patience = this.patience()): Promise<T> {
    for (;;) {
      try {
        return await this.attempt<T>(request, patience.tryMs);
      } catch (error) {
        if (kindOf(error) !== 'away' || !(await patience.pause())) throw error;
      }
    }
  }

  /** One attempt. */
  async attempt<T>({ method, path, query, body, lines }: LinkRequest, timeoutMs = this.#deadlineMs): Promise<T> {
    try {
      const content = lines === undefined ? defined({ body }) : { bulkBody: lines };
      const answer = await this.#client.transport.request(
        { method, path, ...(query === undefined ? {} : { querystring: { ...query } }), ...content },
        { requestTimeout: timeoutMs },
      );
      return answer as T;
    } catch (error) {
      throw faultOf(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ImError('config_invalid', `CHASQUI_ELASTICSEARCH_CA: ${path} cannot be read`, {}, error);
  }
}
