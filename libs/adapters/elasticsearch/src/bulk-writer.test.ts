import { describe, expect, test } from 'vitest';
import { type Destination, writeBulk } from './bulk-writer.ts';
import { type Operation, removeOperation } from './operations.ts';
import { fakeElasticsearch } from './testing/fake-elasticsearch.ts';

const operation = (id: string): Operation => ({ action: 'index', header: `"_id":"${id}"`, source: '{}' });
const abc = ['a', 'b', 'c'].map(operation);
const item = (status: number, type?: string) => ({
  index: { status, ...(type === undefined ? {} : { error: { type, reason: 'because' } }) },
});
const bulk = (...items: object[]) => ({ body: { items } });
const good = bulk(item(201), item(200), item(409, 'version_conflict_engine_exception'));

function into(...names: string[]): Destination & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    names: async () => names,
    async instead() {
      asked.push('instead');
      return 'live';
    },
    areAliases: true,
  };
}

describe('writing in bulk', () => {
  test('what is written, and what is there in a later version, is done; aliases must be aliases', async () => {
    await using fake = await fakeElasticsearch([good]);
    expect(await writeBulk(fake.link, abc, into('live'))).toEqual([null, null, null]);
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]?.path).toContain('require_alias=true');
    expect(fake.requests[0]?.lines.slice(0, 2)).toEqual(['{"index":{"_index":"live","_id":"a"}}', '{}']);
  });

  test.each([429, 503])('an item that the engine is too busy for (%i) is tried again alone', async (status) => {
    const busy = bulk(item(201), item(status, 'es_rejected_execution_exception'), item(201));
    await using fake = await fakeElasticsearch([busy, bulk(item(429, 'x')), bulk(item(201))]);
    expect(await writeBulk(fake.link, abc, into('live'))).toEqual([null, null, null]);
    expect(fake.requests.map(({ lines }) => lines.length)).toEqual([6, 2, 2]);
    expect(fake.requests[2]?.lines[0]).toContain('"_id":"b"');
  });

  test.each([
    ['429', { status: 429, body: { error: { type: 'circuit_breaking_exception', reason: 'full' } } }],
    ['503', { status: 503, body: {} }],
    ['a connection that ends', { fate: 'cut' as const }],
  ])('a whole request that meets %s is tried again', async (_, answer) => {
    await using fake = await fakeElasticsearch([answer, answer, good]);
    expect(await writeBulk(fake.link, abc, into('live'))).toEqual([null, null, null]);
    expect(fake.requests).toHaveLength(3);
  });

  test.each([
    ['is busy', { status: 429, body: {} }],
    ['answers nothing', { fate: 'silence' as const }],
    ['has no place for any', bulk(item(429, 'x'), item(429, 'x'), item(429, 'x'))],
  ])('C11: an engine that %s for good: `search_unavailable` within the deadline', async (_, answer) => {
    await using fake = await fakeElasticsearch([answer], 300);
    const startedAt = performance.now();
    await expect(writeBulk(fake.link, abc, into('live'))).rejects.toMatchObject({
      code: 'search_unavailable',
      retry: 'backoff',
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('what the engine will never take is named; the rest is written', async () => {
    const refusing = bulk(item(201), item(400, 'document_parsing_exception'), item(201));
    await using fake = await fakeElasticsearch([refusing]);
    const results = await writeBulk(fake.link, abc, into('live'));
    expect(results).toEqual([null, expect.objectContaining({ code: 'invalid_request', retry: 'never' }), null]);
    expect(fake.requests).toHaveLength(1);
  });

  test('C3: an index that vanished takes its writes to the one that is live now', async () => {
    const half = bulk(item(201), item(404, 'index_not_found_exception'));
    await using fake = await fakeElasticsearch([half, bulk(item(201))]);
    const destination = into('live', 'next');
    expect(await writeBulk(fake.link, [operation('a')], destination)).toEqual([null]);
    expect(destination.asked).toEqual(['instead']);
    expect(fake.requests[1]?.lines[0]).toContain('"_index":"live"');
  });

  test('removing what is not there is done', async () => {
    await using fake = await fakeElasticsearch([bulk({ delete: { status: 404 } })]);
    const gone = removeOperation({ conversationId: 'ann~bob', messageId: 'm' });
    expect(await writeBulk(fake.link, [gone], into('live'))).toEqual([null]);
    expect(fake.requests[0]?.lines).toEqual(['{"delete":{"_index":"live","_id":"m","routing":"ann~bob"}}']);
  });

  test('C16: requests are of bounded size', async () => {
    await using fake = await fakeElasticsearch([bulk(item(201))]);
    const large = ['x', 'y', 'z'].map((id) => ({ ...operation(id), source: `"${'x'.repeat(1_000_000)}"` }));
    expect(await writeBulk(fake.link, large, into('live'))).toEqual([null, null, null]);
    expect(fake.requests).toHaveLength(3);
  });

  test('an error holds nothing of the request: a message is nobody else’s to read', async () => {
    await using fake = await fakeElasticsearch([{ status: 400, body: { error: { type: 'parse', reason: 'bad' } } }]);
    const secret = { ...operation('a'), source: '{"text":"secret"}' };
    const error = await writeBulk(fake.link, [secret], into('live')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'search_unavailable', message: 'Elasticsearch: parse: bad' });
    expect(JSON.stringify(error, (_, value) => value ?? null)).not.toContain('secret');
    expect((error as Error).cause).toBeUndefined();
  });
});
