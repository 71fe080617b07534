import { once } from 'node:events';
import { connect } from 'node:net';
import type { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, type GatewayFixture } from './gateway-fixture.ts';

async function refused(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
}

export function listenTests({ start, open }: GatewayFixture): void {
  test('a port in use is an error that names it, never shared', async () => {
    const free = await start();
    await free.gateway[Symbol.asyncDispose]();
    const { gateway } = await start({ port: free.gateway.port });
    const error = await start({ port: gateway.port }).then(
      () => undefined,
      (reason: ImError) => reason,
    );
    expect(error).toMatchObject({ code: 'config_invalid', details: { port: gateway.port } });
    expect(error?.message).toContain(`${gateway.port}`);
    await open(gateway);
  });

  test('C14: after stopListening new connections are refused and open ones stay', async () => {
    const { gateway, handlers } = await start();
    const client = await open(gateway);
    gateway.stopListening();
    gateway.stopListening();
    await refused(gateway.port);
    client.socket.send('still here');
    await eventually(() => expect(client.received).toEqual(['still here']));
    expect(handlers.closes).toEqual([]);
  });

  test('C16: 1000 connections open, talk and close, and none is forgotten', { timeout: 60_000 }, async () => {
    const { gateway, handlers } = await start();
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => open(gateway)));
    expect(new Set(handlers.opened.map(({ id }) => id)).size).toBe(1_000);
    for (const [index, { socket }] of clients.entries()) socket.send(`${index}`);
    await eventually(() => {
      for (const [index, { received }] of clients.entries()) expect(received).toEqual([`${index}`]);
    });
    for (const [index, { socket }] of clients.entries()) index % 2 === 0 ? socket.close() : socket.terminate();
    await eventually(() => expect(handlers.closes).toHaveLength(1_000));
    expect(new Set(handlers.closes.map(({ connection }) => connection)).size).toBe(1_000);
  });

  test('disposing closes every connection and gives the port back at once, to a restarted node', async () => {
    const free = await start();
    await free.gateway[Symbol.asyncDispose]();
    const { gateway, handlers } = await start({ port: free.gateway.port });
    const clients = await Promise.all(Array.from({ length: 200 }, () => open(gateway)));
    const deaf = await open(gateway);
    deaf.socket.pause();
    const began = performance.now();
    await gateway[Symbol.asyncDispose]();
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(new Set(await Promise.all(clients.map(async ({ closed }) => (await closed).code)))).toEqual(new Set([1001]));
    expect(handlers.closes).toHaveLength(201);
    await refused(gateway.port);
    const again = await start({ port: gateway.port });
    expect(again.gateway.port).toBe(gateway.port);
    await open(again.gateway);
  });

  test('disposing ends requests that wait for an answer', async () => {
    const { gateway, handlers } = await start();
    let asked = false;
    handlers.onHttp = () => {
      asked = true;
      return new Promise(() => {});
    };
    const request = fetch(`http://127.0.0.1:${gateway.port}/slow`).catch(() => 'ended');
    await eventually(() => expect(asked).toBe(true));
    await gateway[Symbol.asyncDispose]();
    expect(await request).toBe('ended');
  });

  test('a client that dials after the end gets an error, not silence', async () => {
    const { gateway } = await start();
    await gateway[Symbol.asyncDispose]();
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
}
