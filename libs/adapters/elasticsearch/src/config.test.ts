import { ConfigReader } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { readElasticsearchConfig } from './config.ts';

const KEY = 'CHASQUI_ELASTICSEARCH_';
const read = (env: Record<string, string> = {}) => {
  const keys = Object.entries(env).map(([name, value]) => [`${KEY}${name}`, value]);
  const reader = new ConfigReader(Object.fromEntries(keys));
  return reader.finish(readElasticsearchConfig(reader));
};

test('without any key it is the Elasticsearch of this machine, without credentials', () => {
  expect(read()).toMatchObject({ urls: ['http://127.0.0.1:9200'], prefix: 'chasqui', shards: 3, replicas: 1 });
  expect(read()).not.toHaveProperty('credentials');
});

test('several nodes, an API key or a user, an authority', () => {
  expect(read({ URL: 'https://a:9200, https://b:9200', API_KEY: 'k', CA: '/ca.pem' })).toMatchObject({
    urls: ['https://a:9200', 'https://b:9200'],
    credentials: { apiKey: 'k' },
    ca: '/ca.pem',
  });
  expect(read({ USERNAME: 'u', PASSWORD: 'p' }).credentials).toEqual({ username: 'u', password: 'p' });
});

test.each([
  [{ URL: 'elastic:9200' }, 'http(s)://host:port'],
  [{ URL: 'http://user:secret@host:9200' }, 'must not hold credentials'],
  [{ INDEX: 'Chasqui*' }, 'CHASQUI_ELASTICSEARCH_INDEX must be'],
  [{ SHARDS: '0' }, 'CHASQUI_ELASTICSEARCH_SHARDS must be'],
])('%o is refused and not repeated where it may be secret', (env, text) => {
  expect(() => read(env)).toThrow(text);
  expect(() => read(env)).not.toThrow('secret');
});
