import { DEFAULT_LIMITS, MOMENT_LIMITS } from '@chasqui/domain';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PNG } from '../../api/pictures.ts';
import { launchChromium } from '../../browser/chromium.ts';
import { newPerson } from '../../browser/person.ts';
import { startTestCluster, type TestCluster } from '../../cluster/cluster.ts';
import { call, failedLogin } from './client.ts';
import type { Front } from './front.ts';
import { SAMPLES } from './samples.ts';

/** Tries of a refresh token, and log-ins of sockets, that one address may fail at once. */
const MAY_FAIL = 20;
const TOO_MANY = 429;
const OVERLOADED = 4007;

let cluster: TestCluster;
let browser: Browser;
beforeAll(async () => {
  cluster = await startTestCluster({
    page: true,
    env: { CHASQUI_TRUST_PROXY: 'on', CHASQUI_AUTH_PER_MINUTE: String(3 * MAY_FAIL) },
    limits: { ...DEFAULT_LIMITS, failedLoginBurst: MAY_FAIL },
  });
  // The authority is Caddy's own.
  browser = await launchChromium(['--ignore-certificate-errors']);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

/** Each sample has clients of its own. */
const cases = SAMPLES.map((sample, at) => ({ ...sample, bad: `127.0.${at + 1}.1`, good: `127.0.${at + 1}.2` }));

describe.each(cases)('behind the sample for $name, at $path', ({ name, path, open, bad, good }) => {
  let front: Front;
  beforeAll(async () => {
    front = await open(Number(new URL(cluster.running.url).port), path);
  });
  afterAll(() => front?.[Symbol.asyncDispose]());

  const wsUrl = async () => {
    const [node] = JSON.parse((await call(front, 'api/nodes')).body) as { wsUrl: string }[];
    return node?.wsUrl ?? '';
  };
  const own = `${name}-${path === '/' ? 'root' : 'path'}`.toLowerCase();

  it('the page opens, and people talk', async () => {
    const [ana, ben] = [
      await newPerson(browser, front.origin, `ana-${own}`),
      await newPerson(browser, front.origin, `ben-${own}`),
    ];
    await ana.startConversation(ben.userId);
    await ana.write('through a proxy');
    await ben.openConversation(ana.userId);
    await expect.poll(() => ben.texts()).toEqual(['through a proxy']);
    await expect.poll(() => ana.states()).toEqual(['read']);
    expect([...ana.faults, ...ben.faults]).toEqual([]);
    for (const person of [ana, ben]) await person.leave();
  });

  it('programs learn the address of the WebSocket', async () => {
    expect(await wsUrl()).toMatch(new RegExp(`^${front.origin.replace('http', 'ws')}ws\\?node=.`));
  });

  it('the largest picture passes', async () => {
    const headers = { authorization: `Bearer ${await cluster.token('ann')}`, 'content-type': 'image/png' };
    const body = Buffer.concat([PNG, Buffer.alloc(MOMENT_LIMITS.maxPictureBytes - PNG.length)]);
    expect((await call(front, 'api/moments/pictures', { method: 'POST', headers, body })).status).toBe(201);
  });

  it('metrics are for the operator alone', async () => {
    expect((await fetch(`${cluster.running.url}/metrics`)).status).toBe(200);
    for (const way of ['metrics', 'metrics?x', '%6detrics', './/metrics'])
      expect((await call(front, way)).status, way).not.toBe(200);
  });

  it('C16: limits count the client and not the proxy, whatever the client claims', async () => {
    const refresh = async (from: string, claims = {}) => {
      const headers = { 'content-type': 'application/json', ...claims };
      return (await call(front, 'api/auth/refresh', { method: 'POST', headers, body: '{"refreshToken":"none"}', from }))
        .status;
    };
    const url = await wsUrl();
    // Several at a time, fewer than any client may fail: budgets grow again meanwhile.
    const several = <T>(one: () => Promise<T>) => Promise.all(Array.from({ length: MAY_FAIL / 2 }, one));
    const refused = (claims = {}) =>
      Promise.all([several(() => refresh(bad, claims)), several(() => failedLogin(front, url, bad, claims))]);
    const isOver = async () => {
      const [statuses, codes] = await refused();
      return statuses.includes(TOO_MANY) && codes.includes(OVERLOADED);
    };
    for (let failed = 0; failed < 3 * MAY_FAIL && !(await isOver()); failed++);
    expect(await refused({ 'x-forwarded-for': '192.0.2.7' })).toEqual([
      expect.arrayContaining([TOO_MANY]),
      expect.arrayContaining([OVERLOADED]),
    ]);
    expect(await refresh(good)).toBe(401);
    expect(await failedLogin(front, url, good)).not.toBe(OVERLOADED);
  });
});
