import { ConfigReader } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { readMysqlConfig, readMysqlMessagesConfig } from './config.ts';

function read(env: { [name: string]: string }) {
  const reader = new ConfigReader(env);
  return reader.finish(readMysqlConfig(reader));
}

describe('configuration', () => {
  test('has defaults for a server on this machine', () => {
    expect(read({})).toEqual({
      address: { host: '127.0.0.1', port: 3306, user: 'chasqui', password: 'chasqui', database: 'chasqui' },
      pool: 8,
      deadlineMs: 5_000,
      startWaitMs: 30_000,
    });
  });

  test('takes the address apart, with percent-encoded characters', () => {
    expect(read({ CHASQUI_MYSQL_URL: 'mysql://im%40work:p%3Ass%2Fword@db.internal/chat' }).address).toEqual({
      host: 'db.internal',
      port: 3306,
      user: 'im@work',
      password: 'p:ss/word',
      database: 'chat',
    });
    expect(read({ CHASQUI_MYSQL_URL: 'mariadb://u@[::1]:3307/chat' }).address).toMatchObject({
      host: '::1',
      password: '',
    });
  });

  test.each([
    'not a URL',
    'http://user:s3cret@host/db',
    'mysql://user:s3cret@host',
    'mysql://:s3cret@host/db',
    'mysql://user:s3cret@host/db/more',
    'mysql://user:s3cret@host/db?ssl=true',
    'mysql://user:s3cret%@host/db',
  ])('refuses %s without repeating it: it may hold a password', (url) => {
    expect(() => read({ CHASQUI_MYSQL_URL: url })).toThrow(/CHASQUI_MYSQL_URL must be mysql:\/\/USER:PASSWORD@HOST/);
    expect(() => read({ CHASQUI_MYSQL_URL: url })).not.toThrow(/s3cret/);
  });

  test('messages are in the database of the store, or in one of their own', () => {
    const addressOf = (env: { [name: string]: string }) => {
      const reader = new ConfigReader(env);
      return reader.finish(readMysqlMessagesConfig(reader)).address;
    };
    const store = { CHASQUI_MYSQL_URL: 'mysql://u:p@store/chat' };
    expect(addressOf({})).toMatchObject({ host: '127.0.0.1', database: 'chasqui' });
    expect(addressOf(store)).toMatchObject({ host: 'store', database: 'chat' });
    const own = { ...store, CHASQUI_MYSQL_MESSAGES_URL: 'mysql://u:p@messages/texts' };
    expect(addressOf(own)).toMatchObject({ host: 'messages', database: 'texts' });
    expect(() => addressOf({ CHASQUI_MYSQL_MESSAGES_URL: 'texts' })).toThrow(/CHASQUI_MYSQL_MESSAGES_URL must be/);
  });

  test('encryption is off, or on with files of one’s own; a certificate needs its key', () => {
    const on = { CHASQUI_MYSQL_TLS: 'on' };
    expect(read(on).tls).toEqual({});
    const files = { CHASQUI_MYSQL_TLS_CA: 'ca.pem', CHASQUI_MYSQL_TLS_CERT: 'a.pem', CHASQUI_MYSQL_TLS_KEY: 'a.key' };
    expect(read({ ...on, ...files }).tls).toEqual({ ca: 'ca.pem', client: { cert: 'a.pem', key: 'a.key' } });
    expect(() => read({ ...on, CHASQUI_MYSQL_TLS_CERT: 'a.pem' })).toThrow(/CHASQUI_MYSQL_TLS_KEY is required/);
  });
});
