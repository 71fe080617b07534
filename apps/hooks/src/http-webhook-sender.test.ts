import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerEvent, WebhookEndpoint } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpWebhookSender } from './http-webhook-sender.ts';

const CURRENT = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const FORMER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const ENDED = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

const event: ServerEvent = {
  id: 'message-1',
  type: 'message.stored',
  key: 'ann~bob',
  at: 1_767_225_600_000,
  data: {
    messageId: '019b76da8000000000000001',
    conversationId: 'ann~bob',
    from: 'ann',
    clientMessageId: 'c1',
    kind: 'c2c',
    content: { text: '你好 "Bob"' },
    sentAt: 1_767_225_600_000,
  },
};

interface Request {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

async function receiver(answer: (response: ServerResponse, request: Request) => void) {
  const requests: Request[] = [];
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const request = { path: incoming.url ?? '', headers: incoming.headers, body };
    requests.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { requests, port, url: `http://127.0.0.1:${port}/hook?tenant=7` };
}

function senderFor(allowPrivate: boolean) {
  const sender = new HttpWebhookSender({ clock: systemClock, allowPrivate, maxSockets: 4 });
  onTestFinished(() => sender[Symbol.dispose]());
  return (url: string, fields: Partial<WebhookEndpoint> = {}, signal = AbortSignal.timeout(5_000)) => {
    const secrets = [{ secret: CURRENT, createdAt: 0, expiresAt: null }];
    const rest = { types: [], description: '', createdAt: 0, disabled: null, version: 1, secrets };
    return sender.send({ endpointId: 'we_1', url, ...rest, ...fields }, event, signal);
  };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('{}');

describe('a webhook by HTTP', () => {
  test('is what the library of Standard Webhooks takes', async () => {
    const { requests, url } = await receiver(status(204));
    expect(await senderFor(true)(url)).toEqual({ type: 'taken' });
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = requests;
    expect(path).toBe('/hook?tenant=7');
    expect(headers).toMatchObject({ 'webhook-id': 'message-1', 'content-type': 'application/json' });
    const { id, type, key, data } = event;
    const timestamp = '2026-01-01T00:00:00.000Z';
    expect(new Webhook(CURRENT).verify(body, headers as Record<string, string>)).toEqual({
      ...{ id, type, timestamp, key, data },
    });
    expect(() => new Webhook(FORMER).verify(body, headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(CURRENT).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  test('is signed with each secret that is valid while a rotation lasts', async () => {
    const { requests, url } = await receiver(status(200));
    const secrets = [
      { secret: CURRENT, createdAt: 2, expiresAt: null },
      { secret: FORMER, createdAt: 1, expiresAt: Date.now() + 60_000 },
      { secret: ENDED, createdAt: 0, expiresAt: Date.now() - 1 },
    ];
    await senderFor(true)(url, { secrets });
    const [{ headers, body } = { headers: {}, body: '' }] = requests;
    const verify = (secret: string) => new Webhook(secret).verify(body, headers as Record<string, string>);
    for (const secret of [CURRENT, FORMER]) expect(verify(secret)).toMatchObject({ id: 'message-1' });
    expect(() => verify(ENDED)).toThrow();
  });

  test.each([
    [200, {}, { type: 'taken' }],
    [202, {}, { type: 'taken' }],
    [410, {}, { type: 'gone' }],
    [400, {}, { type: 'failed', reason: 'status 400', isOfEvent: true }],
    [403, {}, { type: 'failed', reason: 'status 403', isOfEvent: true }],
    [404, {}, { type: 'failed', reason: 'status 404' }],
    [500, {}, { type: 'failed', reason: 'status 500' }],
    [503, { 'retry-after': '120' }, { type: 'failed', reason: 'status 503', afterMs: 120_000 }],
    [429, { 'retry-after': '999999' }, { type: 'failed', reason: 'status 429', afterMs: 3_600_000 }],
  ])('status %i is told as it is', async (code, headers, result) => {
    const { url } = await receiver(status(code, headers));
    expect(await senderFor(true)(url)).toEqual(result);
  });

  test('a redirect is not followed', async () => {
    const other = await receiver(status(200));
    for (const code of [301, 302, 307, 308]) {
      const { url } = await receiver(status(code, { location: other.url }));
      expect(await senderFor(true)(url)).toEqual({ type: 'failed', reason: `status ${code}` });
    }
    expect(other.requests).toEqual([]);
  });

  test('C16: no answer, half an answer and an endless one end in time; a status that came counts', async () => {
    const answered = async (mood: (response: ServerResponse) => void) =>
      senderFor(true)((await receiver(mood)).url, {}, AbortSignal.timeout(300));
    expect(await answered(() => {})).toEqual({ type: 'failed', reason: 'no answer in time' });
    const half = (response: ServerResponse) => response.writeHead(200, { 'content-length': '10' }).write('{');
    expect(await answered((response) => void half(response))).toEqual({ type: 'taken' });
    const cut = (response: ServerResponse) => {
      half(response);
      setTimeout(() => response.destroy(), 20);
    };
    expect(await answered(cut)).toEqual({ type: 'taken' });
    const { url } = await receiver((response) => {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(4_096)));
      };
      response.writeHead(200).on('drain', pour);
      pour();
    });
    expect(await senderFor(true)(url)).toEqual({ type: 'taken' });
  });

  test('a receiver that is not there, and a connection that is cut, fail with the reason', async () => {
    const { url, port } = await receiver((response) => response.destroy());
    expect(await senderFor(true)(url)).toEqual({ type: 'failed', reason: 'ECONNRESET' });
    expect(await senderFor(true)(`https://127.0.0.1:${port}/`)).toMatchObject({ type: 'failed' });
    expect(await senderFor(true)('http://nobody.invalid/')).toMatchObject({ type: 'failed' });
  });

  test('C15: no request leaves for a private address, however it is written', async () => {
    const { requests, port } = await receiver(status(200));
    const send = senderFor(false);
    for (const host of [
      ...['127.0.0.1', 'localhost', '0.0.0.0', '127.1', '2130706433', '0x7f000001', '[::1]', '[::ffff:127.0.0.1]'],
      ...['[::ffff:7f00:1]', '10.0.0.1', '192.168.1.1', '172.31.0.1', '169.254.169.254', '100.64.0.1', '[fd00::1]'],
      ...['[fe80::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
    ]) {
      const result = await send(`http://${host}:${port}/`, {}, AbortSignal.timeout(2_000));
      expect(result, host).toEqual({
        type: 'failed',
        reason: expect.stringContaining('is not an address of the public internet'),
      });
    }
    expect(requests).toEqual([]);
  });
});
