import { expect, test } from 'vitest';
import { readApiConfig } from './config.ts';

test('without any settings there is a usable configuration', () => {
  expect(readApiConfig({})).toMatchObject({
    port: 4400,
    host: '127.0.0.1',
    registration: true,
    accessTtlS: 3600,
    refreshTtlS: 2_592_000,
    settings: { corsOrigins: 'local', proxies: 0, admins: [] },
  });
});

test("where the host application's keys are named, registration is off unless asked for", () => {
  const host = { CHASQUI_JWKS_URL: 'https://id.example/keys' };
  expect(readApiConfig(host).registration).toBe(false);
  expect(readApiConfig({ ...host, CHASQUI_REGISTRATION: 'on' }).registration).toBe(true);
});

test('origins are a list, or all', () => {
  const origins = (CHASQUI_CORS_ORIGINS: string) => readApiConfig({ CHASQUI_CORS_ORIGINS }).settings?.corsOrigins;
  expect(origins('*')).toBe('*');
  expect(origins('local')).toBe('local');
  expect(origins('https://a.example/, https://b.example')).toEqual(['https://a.example', 'https://b.example']);
  expect(origins('HTTPS://A.example:443,http://[::1]:8080,https://bücher.example,capacitor://localhost')).toEqual([
    ...['https://a.example', 'http://[::1]:8080', 'https://xn--bcher-kva.example', 'capacitor://localhost'],
  ]);
});

test.each([
  ['a.example', 1],
  ['https://a.example, b.example', 2],
  ['https://a.example/chat', 1],
  ['https://ann:secret@a.example', 1],
  ['https://a.example:port', 1],
  ['https://*.a.example', 1],
  ['https://a.example,', 2],
  ['https://a.example,*', 2],
  ['null', 1],
])('what is no origin is refused by its place: %s', (CHASQUI_CORS_ORIGINS, entry) => {
  const read = () => readApiConfig({ CHASQUI_CORS_ORIGINS });
  expect(read).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(read).toThrow(`CHASQUI_CORS_ORIGINS must be local, *, or origins separated by commas`);
  expect(read).toThrow(`entry ${entry} is not one`);
  expect(read).not.toThrow(/secret/);
});

test('every fault is named at once', () => {
  const faulty = { CHASQUI_PORT: 'http', CHASQUI_REGISTRATION: 'maybe', CHASQUI_ACCESS_TTL_S: '1' };
  expect(() => readApiConfig(faulty)).toThrow(/CHASQUI_PORT.*CHASQUI_REGISTRATION.*CHASQUI_ACCESS_TTL_S/s);
});

test('administrators are user ids, and nobody is one unless named', () => {
  const admins = (CHASQUI_ADMINS: string) => readApiConfig({ CHASQUI_ADMINS }).settings?.admins;
  expect(admins('')).toEqual([]);
  expect(admins('ops, Ann@example.org')).toEqual(['ops', 'Ann@example.org']);
  expect(() => admins('ops,,eve')).toThrow(
    'CHASQUI_ADMINS must be user ids separated by commas: entry 2 is not a user id',
  );
});

test('proxies are none, one, or counted', () => {
  const proxies = (CHASQUI_TRUST_PROXY: string) => readApiConfig({ CHASQUI_TRUST_PROXY }).settings?.proxies;
  expect(['off', 'on', '1', '3'].map(proxies)).toEqual([0, 1, 1, 3]);
  for (const wrong of ['yes', '0', '9', '1.5']) expect(() => proxies(wrong)).toThrow('CHASQUI_TRUST_PROXY must be off');
});
