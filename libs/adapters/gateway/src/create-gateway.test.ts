import { silentLogger } from '@chasqui/kit';
import type { Connection, Gateway, GatewayHandlers } from '@chasqui/ports';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway } from './create-gateway.ts';

const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway[Symbol.asyncDispose]();
});

/** A gateway whose handlers echo, except for the events and frames that must fail. */
async function start(engine: 'uws' | 'ws', fails: (event: string, data?: unknown) => boolean): Promise<Gateway> {
  const fail = (event: string, data?: unknown) => {
    if (fails(event, data)) throw new RangeError('a fault of ours');
  };
  const handlers: GatewayHandlers = {
    open: () => fail('open'),
    message(connection: Connection, data) {
      fail('message', String(data));
      connection.send(data);
    },
    close: () => fail('close'),
    http: async () => null,
  };
  const gateway = await createGateway({ engine, logger: silentLogger })({
    host: '127.0.0.1',
    port: 0,
    path: '/ws',
    maxFrameBytes: 4096,
    largeFrameCode: 4508,
    maxBacklogBytes: 65_536,
    slowConsumerCode: 4003,
    subprotocols: [],
    handlers,
  });
  gateways.push(gateway);
  return gateway;
}

function dial({ port }: Gateway) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const opened = new Promise((resolve) => socket.once('open', resolve));
  const echo = (text: string) =>
    new Promise<string>((resolve) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.send(text);
    });
  return { socket, opened, closed, echo };
}

test.each(['uws', 'ws'] as const)(
  '%s: a handler that throws ends its own connection with 1011, and no other',
  async (engine) => {
    const gateway = await start(engine, (_, data) => data === 'bad');
    const [one, two] = [dial(gateway), dial(gateway)];
    await Promise.all([one.opened, two.opened]);
    const answer = two.echo('good');
    one.socket.send('bad');
    expect(await one.closed).toBe(1011);
    expect(await answer).toBe('good');
    expect(await two.echo('again')).toBe('again');
    two.socket.close();
    await two.closed;
  },
);

test.each(['uws', 'ws'] as const)(
  '%s: a connection whose opening fails is closed; one whose closing fails is gone',
  async (engine) => {
    let failing = 'open';
    const gateway = await start(engine, (event) => event === failing);
    expect(await dial(gateway).closed).toBe(1011);
    failing = 'close';
    const two = dial(gateway);
    await two.opened;
    two.socket.close();
    await two.closed;
    failing = '';
    const three = dial(gateway);
    await three.opened;
    expect(await three.echo('good')).toBe('good');
    three.socket.terminate();
  },
);
