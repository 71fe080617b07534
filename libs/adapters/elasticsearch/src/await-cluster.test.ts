import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { openElasticsearchEngines } from './open-engines.ts';
import { fakeElasticsearch } from './testing/fake-elasticsearch.ts';

const version = (number: string) => ({ body: { version: { number } } });
const open = (fake: { parts: Parameters<typeof openElasticsearchEngines>[0] | object }) =>
  openElasticsearchEngines({ ...(fake.parts as object), logger: silentLogger } as never);

test('an app starts once the cluster answers in a version that fits and the index can be searched', async () => {
  await using fake = await fakeElasticsearch([version('8.19.21')]);
  await using engines = await open(fake);
  expect(engines.search).toBeDefined();
  expect(fake.requests.map(({ path }) => path.split('?')[0])).toEqual(['/', '/chasqui-search/_search']);
});

test.each([
  ['another version', [version('7.17.0')], 'has version 7.17.0; 8 is required'],
  ['no rights', [{ status: 403, body: { error: { type: 'security_exception' } } }], 'CHASQUI_ELASTICSEARCH_API_KEY'],
  ['wrong credentials', [{ status: 401, body: { error: { type: 'security_exception' } } }], '_USERNAME'],
  [
    'no index',
    [version('8.1.0'), { status: 404, body: { error: { type: 'index_not_found_exception' } } }],
    'npx chasqui setup',
  ],
])('with %s, it says what to do and does not wait', async (_, answers, text) => {
  await using fake = await fakeElasticsearch(answers);
  fake.parts.config.startWaitMs = 60_000;
  await expect(open(fake)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(text) });
});

test('a cluster that is away is waited for, and then named', async () => {
  await using fake = await fakeElasticsearch([{ fate: 'cut' }], 500);
  await expect(open(fake)).rejects.toMatchObject({
    code: 'search_unavailable',
    message: expect.stringContaining('start it, or change CHASQUI_ELASTICSEARCH_URL'),
  });
});
