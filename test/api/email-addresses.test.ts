import { type AddressCheck, ImError, PUSH_TOPIC } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { type ApiParts, createTestApi, SECRET, type TestApi } from './fixture.ts';
import { hostToken } from './host-token.ts';

const ADDRESS = 'ana@example.org';
const often = { perSecond: 1e6, burst: 1e6 };
const OFTEN = { user: often, client: often, mailbox: often };

/** The API, and the codes that it asks Push to send. */
async function withMail(settings: ApiParts['settings'] = {}, more: (deps: ApiParts) => Partial<ApiParts> = () => ({})) {
  const checks: AddressCheck[] = [];
  const api = await createTestApi(
    (deps) => ({
      bus: {
        ...deps.bus,
        shards: (topic) => deps.bus.shards(topic),
        async publish(message) {
          expect(message.topic).toBe(PUSH_TOPIC);
          checks.push(...JSON.parse(message.body));
        },
      },
      ...more(deps),
    }),
    settings,
  );
  return { api, checks };
}

const register = (api: TestApi, as: string, device = 'phone', token = ADDRESS, call: object = {}) =>
  api.call('PUT', `/api/devices/${device}/push-token`, { as, payload: { provider: 'email', token }, ...call });
const confirm = (api: TestApi, as: string, code: string, device = 'phone') =>
  api.call('POST', `/api/devices/${device}/push-token/confirm`, { as, payload: { code } });
const emails = async ({ deps }: TestApi, userId: string) => {
  const [devices = []] = await deps.devices.list([userId]);
  return devices.flatMap(({ deviceId, registrations }) =>
    registrations.map(
      ({ token, unconfirmed = false }) => `${deviceId} ${token} ${unconfirmed ? 'waits' : 'confirmed'}`,
    ),
  );
};

describe('e-mail addresses', () => {
  test('one is told once its code has come back: nothing else shows that it is the user’s', async () => {
    const { api, checks } = await withMail();
    await using _ = api;
    const asked = await register(api, 'ana');
    expect([asked.statusCode, asked.json()]).toEqual([202, { codeExpiresAt: api.clock.now() + 15 * 60_000 }]);
    expect(await emails(api, 'ana')).toEqual([`phone ${ADDRESS} waits`]);
    const [device] = (await api.call('GET', '/api/devices', { as: 'ana' })).json().devices;
    expect(device.push).toMatchObject([{ provider: 'email', unconfirmed: true }]);
    expect(checks).toEqual([
      {
        type: 'address_check',
        checkId: expect.stringMatching(/^[0-9a-f]{32}$/),
        to: 'ana',
        deviceId: 'phone',
        address: ADDRESS,
        code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/),
        language: '',
        at: api.clock.now(),
        expiresAt: api.clock.now() + 15 * 60_000,
      },
    ]);
    const wrong = await confirm(api, 'ana', 'AAAAA-AAAAA');
    expect([wrong.statusCode, wrong.json().error]).toMatchObject([422, { code: 'content_invalid', field: 'code' }]);
    expect(await emails(api, 'ana')).toEqual([`phone ${ADDRESS} waits`]);
    // In the form that people type it.
    const typed = (checks[0]?.code ?? '').toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await confirm(api, 'ana', typed)).statusCode).toBe(204);
    expect(await emails(api, 'ana')).toEqual([`phone ${ADDRESS} confirmed`]);
    const [shown] = (await api.call('GET', '/api/devices', { as: 'ana' })).json().devices;
    expect(shown.push[0]).not.toHaveProperty('unconfirmed');
    expect((await confirm(api, 'ana', 'anything')).statusCode).toBe(204);
  });

  test('another device of the user needs no other code for the address; another address does', async () => {
    const { api, checks } = await withMail();
    await using _ = api;
    await register(api, 'ana');
    await confirm(api, 'ana', checks[0]?.code ?? '');
    expect((await register(api, 'ana', 'tablet')).statusCode).toBe(204);
    expect((await register(api, 'ana', 'phone', 'other@example.org')).statusCode).toBe(202);
    expect((await emails(api, 'ana')).toSorted()).toEqual([
      'phone other@example.org waits',
      `tablet ${ADDRESS} confirmed`,
    ]);
    expect((await register(api, 'bob')).statusCode).toBe(202);
    expect(checks).toHaveLength(3);
  });

  test('a code is good for its user, device and address alone, and for half an hour at most', async () => {
    const { api, checks } = await withMail({ emailCodes: OFTEN, codeTries: often });
    await using _ = api;
    for (const [user, device, address] of [
      ['ana', 'phone', ADDRESS],
      ['ana', 'tablet', ADDRESS],
      ['ana', 'laptop', 'other@example.org'],
      ['bob', 'phone', ADDRESS],
    ] as const) {
      await register(api, user, device, address);
    }
    const [code = '', ...others] = checks.map((check) => check.code);
    for (const other of [...others, '', ' ', code.slice(0, 9), `${code}0`]) {
      expect([400, 422], other).toContain((await confirm(api, 'ana', other)).statusCode);
    }
    await api.clock.advance(30 * 60_000);
    expect((await confirm(api, 'ana', code)).statusCode).toBe(422);
    expect((await confirm(api, 'eve', code)).statusCode).toBe(404);
    expect((await emails(api, 'ana')).every((one) => one.endsWith('waits'))).toBe(true);
    await register(api, 'ana');
    // A code is valid for a quarter of an hour, whenever in its period it was made.
    await api.clock.advance(15 * 60_000);
    expect((await confirm(api, 'ana', checks.at(-1)?.code ?? '')).statusCode).toBe(204);
  });

  test.each([
    ['verified', { email: 'Ana@Example.org', email_verified: true }, 204],
    ['not verified', { email: ADDRESS, email_verified: false }, 202],
    ['verified, by a word', { email: ADDRESS, email_verified: 'true' }, 202],
    ['of which nothing is said', { email: ADDRESS }, 202],
    ['of somebody else', { email: 'bob@example.org', email_verified: true }, 202],
  ])('the host application’s token can say that it is the user’s: one that is %s', async (_, claims, status) => {
    const { api, checks } = await withMail();
    await using _api = api;
    const now = Math.floor(api.clock.now() / 1_000);
    const token = hostToken(SECRET, { ...claims, sub: 'ana', iat: now, exp: now + 600 });
    const answer = await api.call('PUT', '/api/devices/phone/push-token', {
      headers: { authorization: `Bearer ${token}` },
      payload: { provider: 'email', token: ADDRESS },
    });
    expect(answer.statusCode).toBe(status);
    expect(checks).toHaveLength(status === 204 ? 0 : 1);
  });

  test('C15: a verified one that is another address, and becomes this one in lower case alone, says nothing of it', async () => {
    const { api } = await withMail();
    await using _ = api;
    const now = Math.floor(api.clock.now() / 1_000);
    const claims = { sub: 'ana', iat: now, exp: now + 600, email: '\u212aim@example.org', email_verified: true };
    const headers = { authorization: `Bearer ${hostToken(SECRET, claims)}` };
    expect((await register(api, 'ana', 'phone', 'kim@example.org', { headers, as: undefined })).statusCode).toBe(202);
  });
});

describe('C16: mails to a stranger', () => {
  test('eight accounts from eight places have three sent to one address, whatever its letters', async () => {
    const { api, checks } = await withMail();
    await using _ = api;
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const address = i % 2 === 0 ? 'stranger@example.net' : 'Stranger@Example.NET';
      statuses.push(
        (await register(api, `user-${i}`, 'phone', address, { remoteAddress: `203.0.113.${i}` })).statusCode,
      );
    }
    expect(statuses).toEqual([202, 202, 202, 429, 429, 429, 429, 429]);
    expect(checks).toHaveLength(3);
    // A refused address is not stored either.
    expect(await emails(api, 'user-7')).toEqual([]);
  });

  test('spellings of one mailbox share its limit, and what a mail program reads otherwise is none', async () => {
    const { api, checks } = await withMail();
    await using _ = api;
    const statuses: number[] = [];
    const ask = async (address: string) => {
      const call = { remoteAddress: `203.0.113.${statuses.length}` };
      statuses.push((await register(api, `user-${statuses.length}`, 'phone', address, call)).statusCode);
    };
    for (const code of [1, 2, 3, 0x1f, 0x7f, 0xa0, 0xad, 0x200b, 0x202e, 0xfeff]) {
      const strange = String.fromCodePoint(code);
      await ask(`${strange}stranger@example.net`);
      await ask(`stranger${strange}@example.net`);
      await ask(`stranger@example${strange}.net`);
    }
    expect(new Set(statuses)).toEqual(new Set([422]));
    expect(checks).toEqual([]);
    statuses.length = 0;
    for (const address of [
      'stran.ger@example.net',
      'stranger+1@example.net',
      'STRANGER+2@example.net',
      'stranger@EXAMPLE.net',
    ]) {
      await ask(address);
    }
    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  test.each([
    ['one user', (i: number) => ['ana', `203.0.113.${i}`] as const, 5],
    ['one network', (i: number) => [`user-${i}`, `2001:db8::${i.toString(16)}`] as const, 20],
  ])('%s has few codes sent, to however many addresses', async (_, from, most) => {
    const { api, checks } = await withMail();
    await using _api = api;
    for (let i = 0; i < most + 3; i++) {
      const [user, remoteAddress] = from(i);
      const answer = await register(api, user, 'phone', `stranger-${i}@example.net`, { remoteAddress });
      expect(answer.statusCode).toBe(i < most ? 202 : 429);
    }
    expect(checks).toHaveLength(most);
  });

  test('where the limits are away no mail is sent, as nobody knows how many there were', async () => {
    const { api, checks } = await withMail({}, (deps) => ({
      rateLimits: { ...deps.rateLimits, take: () => Promise.reject(new ImError('presence_unavailable', 'away')) },
    }));
    await using _ = api;
    expect((await register(api, 'ana')).statusCode).toBe(503);
    expect([checks, await emails(api, 'ana')]).toEqual([[], []]);
  });

  test('a user tries few codes', async () => {
    const { api, checks } = await withMail();
    await using _ = api;
    await register(api, 'ana');
    for (let i = 0; i < 10; i++) expect((await confirm(api, 'ana', `AAAAA-AAAA${i}`)).statusCode).toBe(422);
    expect((await confirm(api, 'ana', checks[0]?.code ?? '')).statusCode).toBe(429);
    await api.clock.advance(60_000);
    expect((await confirm(api, 'ana', checks[0]?.code ?? '')).statusCode).toBe(204);
  });
});
