import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { startTestCluster } from '../cluster/cluster.ts';
import { openDevice, until } from '../journeys/devices.ts';

const ALLOWED = { CHASQUI_HOOKS_HTTP: 'on', CHASQUI_HOOKS_PRIVATE: 'on' };

interface Request {
  headers: IncomingHttpHeaders;
  body: string;
}

/** The back end of a host application; `status` is what it answers. */
async function backEnd() {
  const received: Request[] = [];
  const own = { received, status: 200, url: '' };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (own.status === 200) received.push({ headers: request.headers, body });
    response.writeHead(own.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  own.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return own;
}

function commands(dataDir: string) {
  return async (...args: string[]): Promise<string[]> => {
    const written: string[] = [];
    const keep = (text: string | Uint8Array) => written.push(String(text)) > 0;
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep));
    try {
      await (await createProgram(ALLOWED)).parseAsync(['hooks', ...args, '--data', dataDir], { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
      process.exitCode = 0;
    }
    return written.join('').trimEnd().split('\n');
  };
}

test('an operator adds an endpoint, and the back end is told of what is sent, signed and in order, also after it was down', async () => {
  const host = await backEnd();
  await using cluster = await startTestCluster({ env: ALLOWED });
  const hooks = commands(cluster.dataDir);
  const [endpointId = '', secret = ''] = await hooks(
    ...['create', host.url, '--types', 'message.stored', '--description', 'billing'],
  );
  expect(endpointId).toMatch(/^we_[0-9a-f]{16}$/);
  const webhook = new Webhook(secret);
  const events = () =>
    host.received.map(
      ({ headers, body }) => webhook.verify(body, headers as Record<string, string>) as { type: string; data: object },
    );

  await hooks('test', endpointId);
  await until(() => host.received.length === 1, 'the test event');
  expect(events()).toMatchObject([{ type: 'webhook.test', data: { endpointId } }]);
  host.received.length = 0;

  // Until every process has looked at the endpoints anew, its events may not be wanted.
  await new Promise((resolve) => setTimeout(resolve, 5_500));
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  const send = (text: string) => ann.client.send({ to: 'bob', content: { text } }).stored;
  const first = await send('one');
  await until(() => host.received.length === 1, 'the first message');
  expect(events()).toMatchObject([
    {
      id: `message-${first.messageId}`,
      type: 'message.stored',
      key: 'ann~bob',
      data: { messageId: first.messageId, from: 'ann', content: { text: 'one' } },
    },
  ]);
  host.status = 500;
  for (const text of ['two', 'three', 'four']) await send(text);
  await until(async () => (await hooks('list')).join().includes('failing since'), 'the failure is told');
  expect((await hooks('list')).join()).toContain('status 500');
  host.status = 200;
  await until(() => host.received.length === 4, 'what was sent meanwhile');
  expect(events().map(({ data }) => (data as { content: object }).content)).toEqual(
    ['one', 'two', 'three', 'four'].map((text) => ({ text })),
  );

  const [next = ''] = await hooks('rotate', endpointId);
  expect(next).not.toBe(secret);
  await hooks('disable', endpointId);
  expect((await hooks('list')).join()).toContain('disabled (operator)');
  await until(async () => (await hooks('list', '--json')).join().includes('"owner":""'), 'nobody serves it');
  await send('five');
  await hooks('enable', endpointId);
  await until(() => host.received.length === 5, 'what was sent while it was disabled');
  const { headers, body } = host.received.at(-1) as Request;
  for (const one of [secret, next]) {
    expect(new Webhook(one).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'message.stored' });
  }
  await hooks('remove', endpointId);
  expect(await hooks('list')).toEqual(['no endpoints yet: chasqui hooks create <url> adds one']);
  expect(await hooks('test', endpointId)).toEqual([
    `chasqui: there is no endpoint ${endpointId}: chasqui hooks list (not_found)`,
  ]);
}, 120_000);

test('C15: a URL that may not be called is refused by the command', async () => {
  await using cluster = await startTestCluster();
  const hooks = commands(cluster.dataDir);
  for (const url of ['ftp://example.org', 'https://user:pass@example.org', 'https://example.org/#x', 'no']) {
    expect((await hooks('create', url)).join(), url).toContain('(content_invalid)');
  }
  expect((await hooks('create', 'https://example.org', '--types', 'message.sung')).join()).toContain('message.stored');
}, 120_000);
