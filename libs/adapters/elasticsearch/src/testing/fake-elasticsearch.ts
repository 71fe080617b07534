import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader, systemClock, systemRandom } from '@chasqui/kit';
import { readElasticsearchConfig } from '../config.ts';
import { Link } from '../link.ts';

export interface FakeAnswer {
  status?: number;
  body?: object;
  /** Replaces the answer: the connection ends, or no answer comes. */
  fate?: 'cut' | 'silence';
}

/** For tests: a server that returns the given answers, one per request; the last one is repeated. */
export async function fakeElasticsearch(answers: readonly FakeAnswer[], deadlineMs = 15_000) {
  const requests: { path: string; lines: string[] }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    try {
      for await (const piece of request) text += piece;
    } catch {
      return; // The caller timed out.
    }
    const { status = 200, body = {}, fate } = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ path: request.url ?? '', lines: text.split('\n').filter((line) => line !== '') });
    if (fate === 'cut') request.socket.destroy();
    if (fate !== undefined) return;
    response.writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = { CHASQUI_ELASTICSEARCH_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const config = { ...readElasticsearchConfig(new ConfigReader(env)), deadlineMs, startWaitMs: 0 };
  const parts = { config, clock: systemClock, random: systemRandom };
  const link = await Link.open(parts);
  return {
    parts,
    link,
    requests,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
