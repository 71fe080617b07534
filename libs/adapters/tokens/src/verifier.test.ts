import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@chasqui/domain';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createTokenIssuer } from './issuer.ts';
import { createTokenVerifier, type TokenVerifierOptions } from './verifier.ts';

const SECRET = 'a secret of thirty-two bytes, at least';

function manualClock(start = 1_800_000_000_000) {
  let now = start;
  const clock: Clock = { now: () => now, monotonic: () => now - start, after: () => ({ cancel() {} }) };
  return { clock, advance: (ms: number) => (now += ms) };
}

const { clock } = manualClock();
const NOW_S = clock.now() / 1_000;

function hs256(claims: object, options: Parameters<typeof hs256Of>[1] = {}): string {
  return hs256Of(JSON.stringify(claims), options);
}

/** Takes claims as text, which can say what `JSON.stringify` never would. */
function hs256Of(
  claims: string,
  { secret = SECRET, header = { alg: 'HS256' } as object, hash = 'sha256' } = {},
): string {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const body = `${part(JSON.stringify(header))}.${part(claims)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}

const verifier = (options: Partial<TokenVerifierOptions> = {}) =>
  createTokenVerifier({ secret: SECRET, clock, clockToleranceS: 5, ...options });

describe('HS256 tokens', () => {
  test("a host application's token names its user and its end", async () => {
    const claims = await verifier().verify(hs256({ sub: 'ana', exp: NOW_S + 60 }));
    expect(claims).toEqual({ userId: 'ana', expiresAt: (NOW_S + 60) * 1_000, issuedAt: 0 });
  });

  test('the moment of its issue is the very millisecond that was meant', async () => {
    for (const ms of [1_799_999_999_001, 1_799_999_999_009, 1_799_999_999_123, 1_799_999_999_999]) {
      expect((await verifier().verify(hs256({ sub: 'ana', iat: ms / 1_000 }))).issuedAt).toBe(ms);
    }
  });

  test('a token without an end never expires', async () => {
    expect((await verifier().verify(hs256({ sub: 'ana' }))).expiresAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('an end in the last second of the year 9999 is one', async () => {
    const { expiresAt } = await verifier().verify(hs256({ sub: 'ana', exp: 253_402_300_799 }));
    expect(expiresAt).toBe(253_402_300_799_000);
  });

  test.each([
    ['another secret', hs256({ sub: 'ana' }, { secret: 'another secret of thirty-two bytes!!' })],
    [
      'alg none',
      `${hs256({ sub: 'ana' }, { header: { alg: 'none' } })
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
    ],
    ['the user .', hs256({ sub: '.' })],
    ['the user ..', hs256({ sub: '..' })],
    ['a user with an invisible character', hs256({ sub: 'ana\u200b' })],
    ['a device that is none', hs256({ sub: 'ana', device: 'my phone' })],
    ['the device ..', hs256({ sub: 'ana', device: '..' })],
    ['a device that is no text', hs256({ sub: 'ana', device: { id: 'phone' } })],
    ['alg none, with a signature', hs256({ sub: 'ana' }, { header: { alg: 'none' } })],
    ['another HMAC', hs256({ sub: 'ana' }, { header: { alg: 'HS512' }, hash: 'sha512' })],
    ['an unknown critical header', hs256({ sub: 'ana' }, { header: { alg: 'HS256', crit: ['x'], x: 1 } })],
    [
      'a changed payload',
      hs256({ sub: 'ana' }).replace(/\..*\./, `.${Buffer.from('{"sub":"eva"}').toString('base64url')}.`),
    ],
    ['no sub', hs256({ exp: NOW_S + 60 })],
    ['a sub that is no user id', hs256({ sub: 'ana~bob' })],
    ['a sub that is no text', hs256({ sub: 7 })],
    ['an end that is no number', hs256({ sub: 'ana', exp: 'tomorrow' })],
    ...['exp', 'iat', 'nbf'].flatMap((claim) =>
      ['1e400', '1e300', `${NOW_S * 1_000}`, '[]', 'null'].map((time): [string, string] => [
        `${claim} ${time}`,
        hs256Of(`{"sub":"ana","${claim}":${time}}`),
      ]),
    ),
    ['iat -1e400', hs256Of('{"sub":"ana","iat":-1e400}')],
    ['a start in the future', hs256({ sub: 'ana', nbf: NOW_S + 60 })],
    ['a refresh token', hs256({ sub: 'ana', use: 'refresh' })],
    ['an unknown use', hs256({ sub: 'ana', use: ['access'] })],
    ['nothing', ''],
    ['no token', 'a.b.c'],
    ['more than 8 KB', hs256({ sub: 'ana', pad: 'x'.repeat(8_192) })],
  ])('C15: refuses %s', async (_, token) => {
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('an expired token is told from an invalid one, with the tolerance for clocks', async () => {
    await expect(verifier().verify(hs256({ sub: 'ana', exp: NOW_S - 6 }))).rejects.toMatchObject({
      code: 'token_expired',
    });
    expect((await verifier().verify(hs256({ sub: 'ana', exp: NOW_S - 4 }))).userId).toBe('ana');
  });

  test('a token that was valid a moment ago still ends at its end', async () => {
    const time = manualClock();
    const subject = createTokenVerifier({ secret: SECRET, clock: time.clock, clockToleranceS: 5 });
    const token = hs256({ sub: 'ana', exp: NOW_S + 10 });
    await subject.verify(token);
    time.advance(14_000);
    expect((await subject.verify(token)).userId).toBe('ana');
    time.advance(1_000);
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
    time.advance(60_000);
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('issuer and audience are asked for when configured', async () => {
    const strict = verifier({ issuer: 'shop', audience: 'chat' });
    expect((await strict.verify(hs256({ sub: 'ana', iss: 'shop', aud: ['chat', 'x'] }))).userId).toBe('ana');
    for (const claims of [{ iss: 'shop' }, { aud: 'chat' }, { iss: 'other', aud: 'chat' }]) {
      await expect(strict.verify(hs256({ sub: 'ana', ...claims }))).rejects.toMatchObject({ code: 'token_invalid' });
    }
  });

  test('without a secret or a key set nothing can be verified', () => {
    expect(() => createTokenVerifier({ clock, clockToleranceS: 0 })).toThrow(/secret or a key set/);
  });
});

describe('tokens of a key set', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const ec = await generateKeyPair('ES256', { extractable: true });
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'r1' },
    { ...(await exportJWK(ec.publicKey)), kid: 'e1' },
  ];
  const sign = (alg: string, key: CryptoKey, kid: string, sub = 'ana') =>
    new SignJWT({ sub }).setProtectedHeader({ alg, kid }).sign(key);

  test.each([
    ['RS256', rsa.privateKey, 'r1'],
    ['ES256', ec.privateKey, 'e1'],
  ] as const)('%s by an inline key set', async (alg, key, kid) => {
    const subject = createTokenVerifier({ jwks: { keys }, clock, clockToleranceS: 5 });
    expect((await subject.verify(await sign(alg, key, kid))).userId).toBe('ana');
  });

  test('C15: an HS256 token signed with the published RSA key is forged', async () => {
    const pem = await exportSPKI(rsa.publicKey);
    const modulus = String(keys[0]?.n);
    for (const secret of [pem, pem.trim(), modulus]) {
      const token = hs256({ sub: 'ana' }, { secret, header: { alg: 'HS256', kid: 'r1' } });
      for (const subject of [
        verifier({ jwks: { keys } }),
        createTokenVerifier({ jwks: { keys }, clock, clockToleranceS: 5 }),
      ]) {
        await expect(subject.verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
      }
    }
  });

  test('C15: a key outside the set, a weaker algorithm and a key carried in the token are refused', async () => {
    const subject = verifier({ jwks: { keys } });
    const other = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(other.publicKey);
    const weak = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const token of [
      await sign('RS256', other.privateKey, 'r1'),
      await sign('RS256', other.privateKey, 'r9'),
      await new SignJWT({ sub: 'ana' }).setProtectedHeader({ alg: 'RS256', jwk }).sign(other.privateKey),
      await new SignJWT({ sub: 'ana' }).setProtectedHeader({ alg: 'RS512', kid: 'r1' }).sign(weak.privateKey),
    ]) {
      await expect(subject.verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
    }
  });

  test('a remote key set is read once, again for a new key, and not for every forgery', async () => {
    await using server = await keyServer(() => ({ keys: published }));
    let published = keys.slice(0, 1);
    const time = manualClock();
    const subject = createTokenVerifier({ jwks: { url: server.url }, clock: time.clock, clockToleranceS: 5 });
    const users = Array.from({ length: 20 }, (_, i) => sign('RS256', rsa.privateKey, 'r1', `user${i}`));
    for (const token of await Promise.all(users)) await subject.verify(token);
    expect(server.requests()).toBe(1);

    published = keys;
    time.advance(31_000);
    expect((await subject.verify(await sign('ES256', ec.privateKey, 'e1'))).userId).toBe('ana');
    expect(server.requests()).toBe(2);

    for (let i = 0; i < 5; i++) {
      await expect(subject.verify(await sign('RS256', rsa.privateKey, `x${i}`))).rejects.toMatchObject({
        code: 'token_invalid',
      });
    }
    expect(server.requests()).toBe(2);
  });

  test('an absent key server makes no valid token invalid: known keys stand, unknown ones are retryable', async () => {
    const time = manualClock();
    let up = false;
    await using server = await keyServer(() => (up ? { keys } : null));
    const subject = createTokenVerifier({ jwks: { url: server.url }, clock: time.clock, clockToleranceS: 5 });
    const token = await sign('RS256', rsa.privateKey, 'r1');
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'engine_unavailable', retry: 'backoff' });
    await expect(subject.verify(token)).rejects.toMatchObject({ code: 'engine_unavailable' });
    expect(server.requests()).toBe(1);
    up = true;
    time.advance(1_000);
    expect((await subject.verify(token)).userId).toBe('ana');
    up = false;
    time.advance(24 * 3600_000);
    expect((await subject.verify(await sign('RS256', rsa.privateKey, 'r1', 'eva'))).userId).toBe('eva');
  });
});

describe('the issuer', () => {
  const ttl = { accessTtlS: 900, refreshTtlS: 86_400 };

  test('access and refresh tokens cannot stand in for each other', async () => {
    const issuer = createTokenIssuer({ secret: SECRET, clock, ...ttl });
    const { accessToken, refreshToken, expiresInS } = await issuer.issue('ana');
    expect(expiresInS).toBe(900);
    expect(await verifier().verify(accessToken)).toEqual({
      userId: 'ana',
      expiresAt: (NOW_S + 900) * 1_000,
      issuedAt: NOW_S * 1_000,
    });
    expect((await issuer.verifyRefresh(refreshToken)).userId).toBe('ana');
    await expect(verifier().verify(refreshToken)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(issuer.verifyRefresh(accessToken)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(issuer.verifyRefresh(hs256({ sub: 'ana' }))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('a refresh token ends', async () => {
    const time = manualClock();
    const issuer = createTokenIssuer({ secret: SECRET, clock: time.clock, ...ttl });
    const { refreshToken } = await issuer.issue('ana');
    time.advance(86_400_000);
    await expect(issuer.verifyRefresh(refreshToken)).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('carries the issuer and audience that the verifier asks for', async () => {
    const names = { issuer: 'chasqui', audience: 'chat' };
    const issuer = createTokenIssuer({ secret: SECRET, clock, ...names, ...ttl });
    const { accessToken, refreshToken } = await issuer.issue('ana');
    expect((await verifier(names).verify(accessToken)).userId).toBe('ana');
    expect((await issuer.verifyRefresh(refreshToken)).userId).toBe('ana');
    const plain = createTokenIssuer({ secret: SECRET, clock, ...ttl });
    await expect(issuer.verifyRefresh((await plain.issue('ana')).refreshToken)).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });
});

/** Serves a key set, or fails while `answer` returns null. */
async function keyServer(answer: () => object | null) {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    const keySet = answer();
    response.writeHead(keySet === null ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(keySet));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
