import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson } from './person.ts';
import { openStage, type Stage } from './stage.ts';

/** Below this path a proxy shows the server, which is not told. */
const PREFIX = '/chat';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ CHASQUI_HOST: '0.0.0.0' });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await stage?.[Symbol.asyncDispose]();
});

const port = () => Number(new URL(stage.origin).port);
const inner = (url = '') => url.slice(PREFIX.length);

const proxy = createServer((incoming, outgoing) => {
  if (!incoming.url?.startsWith(`${PREFIX}/`)) return outgoing.writeHead(404).end();
  const { method, headers } = incoming;
  const forwarded = request({ port: port(), method, headers, path: inner(incoming.url) }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  return incoming.pipe(forwarded);
});
proxy.on('upgrade', (incoming, stream) => {
  const { rawHeaders, url } = incoming;
  const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
  const forwarded = connect(port(), '127.0.0.1', () => {
    forwarded.write(`GET ${inner(url)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  });
  forwarded.pipe(stream).pipe(forwarded);
  for (const socket of [forwarded, stream]) socket.on('error', () => socket.destroy());
});

/** An address of this machine on its network, as a phone there would use it. */
function networkOrigin(): string {
  const [address] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  if (address === undefined) throw new Error('this machine has no network');
  return `http://${address.address}:${port()}`;
}

describe('a page opened from elsewhere', () => {
  it.each([
    ['on the LAN, without TLS', networkOrigin, 'ana'],
    ['below a path of a proxy', () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}/`, 'cleo'],
  ])('%s connects through the port that it came from, and a message arrives', async (_, originOf, userId) => {
    const origin = originOf();
    const ben = await newPerson(stage.browser, stage.origin, `${userId}-peer`, { node: 2 });
    const context = await stage.browser.newContext();
    await context.close();
    const ana = await newPerson(stage.browser, origin, userId);
    const socket = await ana.page.getByTestId('connection').getAttribute('title');
    expect(socket?.startsWith(`${origin.replace('http', 'ws').replace(/\/$/, '')}/ws?node=`), `${socket}`).toBe(true);
    await ana.startConversation(ben.userId);
    await ana.write('from elsewhere');
    await ben.openConversation(userId);
    await expect.poll(() => ben.texts()).toEqual(['from elsewhere']);
    expect(ana.faults).toEqual([]);
    await ana.leave();
    await ben.leave();
  });

  it('without TLS, texts are copied and moments are posted, though the browser lacks half of its interfaces', async () => {
    const ana = await newPerson(stage.browser, networkOrigin(), 'dora');
    expect(await ana.page.evaluate(() => [isSecureContext, 'clipboard' in navigator, 'randomUUID' in crypto])).toEqual([
      false,
      false,
      false,
    ]);
    await ana.page.getByTestId('moments').click();
    await ana.page.getByTestId('moment-text').fill('from the garden');
    await ana.page.getByTestId('moment-post').click();
    await ana.page.getByTestId('moment-body').getByText('from the garden').waitFor();
    expect(ana.faults).toEqual([]);
    await ana.leave();
  });

  it('a link into nowhere leads to the page, also below a path', async () => {
    const { port: proxyPort } = proxy.address() as AddressInfo;
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${proxyPort}${PREFIX}/old/link?node=2#/x`);
    expect(page.url()).toBe(`http://127.0.0.1:${proxyPort}${PREFIX}/?node=2#/x`);
    await page.getByTestId('user-id').waitFor();
    await page.goto(`http://127.0.0.1:${proxyPort}${PREFIX}/api/docs`);
    await page.getByText('Chasqui HTTP API').first().waitFor();
    await context.close();
  });
});
