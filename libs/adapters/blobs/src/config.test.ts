import { ConfigReader, type Environment } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { readBlobsConfig } from './config.ts';

function read(env: Environment) {
  const reader = new ConfigReader(env);
  return reader.finish(readBlobsConfig(reader, '/data'));
}

const s3 = { CHASQUI_BLOBS: 's3', CHASQUI_S3_ACCESS_KEY_ID: 'AKIA', CHASQUI_S3_SECRET_ACCESS_KEY: 'secret-of-mine' };

test('a folder of the data folder unless something else is said', () => {
  expect(read({})).toEqual({ folder: '/data/blobs' });
  expect(read({ CHASQUI_BLOBS_FOLDER: '/mnt/pictures' })).toEqual({ folder: '/mnt/pictures' });
});

test('a bucket, with defaults', () => {
  const endpoint = 'https://s3.us-east-1.amazonaws.com';
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 'secret-of-mine' };
  expect(read(s3)).toEqual({
    s3: {
      ...{ endpoint, publicEndpoint: endpoint, region: 'us-east-1', bucket: 'chasqui', prefix: '' },
      ...{ ...keys, deadlineMs: 8_000, linkS: 300 },
    },
  });
  const given = { ...s3, CHASQUI_S3_ENDPOINT: 'http://minio:9000/', CHASQUI_S3_PREFIX: 'a/b/' };
  const store = 'http://minio:9000';
  expect(read(given)).toMatchObject({ s3: { endpoint: store, publicEndpoint: store, prefix: 'a/b/' } });
  const reached = { ...given, CHASQUI_S3_PUBLIC_ENDPOINT: 'https://files.example', CHASQUI_S3_LINK_S: '60' };
  expect(read(reached)).toMatchObject({ s3: { endpoint: store, publicEndpoint: 'https://files.example', linkS: 60 } });
});

test.each([
  ['CHASQUI_BLOBS', 'ftp'],
  ['CHASQUI_S3_ENDPOINT', 'minio:9000'],
  ['CHASQUI_S3_ENDPOINT', 'https://host/path'],
  ['CHASQUI_S3_ENDPOINT', 'https://user:word@host'],
  ['CHASQUI_S3_PUBLIC_ENDPOINT', 'https://host/path'],
  ['CHASQUI_S3_LINK_S', '5'],
  ['CHASQUI_S3_BUCKET', '../other'],
  ['CHASQUI_S3_PREFIX', '/rooted/'],
  ['CHASQUI_S3_PREFIX', 'no-slash'],
  ['CHASQUI_S3_ACCESS_KEY_ID', ''],
  ['CHASQUI_S3_SECRET_ACCESS_KEY', 'short'],
])('C15: %s=%s is refused by its name', (name, value) => {
  expect(() => read({ ...s3, [name]: value })).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(name) }),
  );
});
