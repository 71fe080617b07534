import { expect, test } from 'vitest';
import { eventually, frame, type GatewayFixture } from './gateway-fixture.ts';

export function closeTests({ start, open, openRaw }: GatewayFixture): void {
  test('the client’s close code reaches the handler', async () => {
    const { gateway, handlers } = await start();
    for (const code of [1000, 4500, 4999]) {
      const client = await open(gateway);
      client.socket.close(code, 'bye');
      expect(await client.closed).toMatchObject({ code });
    }
    const silent = await open(gateway);
    silent.socket.close();
    await eventually(() => expect(handlers.closes.map(({ code }) => code)).toEqual([1000, 4500, 4999, 1005]));
  });

  test('what a client sends right before it closes is handled, and before the close', async () => {
    const { gateway, handlers } = await start();
    let handledBefore = 0;
    handlers.onClose = () => {
      handledBefore = handlers.messages.length;
    };
    const { socket } = await open(gateway);
    for (let n = 0; n < 20; n++) socket.send(`${n}`);
    socket.close(1000, 'bye');
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    expect(handledBefore).toBe(20);
  });

  test('the server’s close code and reason reach the client, after everything sent before', async () => {
    const { gateway, handlers } = await start();
    handlers.onOpen = (connection) => {
      for (let n = 0; n < 100; n++) connection.send(`${n}`);
      connection.end(4000, 'node_draining');
    };
    const client = await open(gateway);
    expect(await client.closed).toEqual({ code: 4000, reason: 'node_draining' });
    expect(client.received).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
    await eventually(() => expect(handlers.closes.map(({ code }) => code)).toEqual([4000]));
  });

  test('a reason longer than a close frame holds is cut at a letter', async () => {
    const { gateway, handlers } = await start();
    handlers.onMessage = (connection) => connection.end(4001, 'é'.repeat(100));
    const client = await open(gateway);
    client.socket.send('close me');
    expect(await client.closed).toEqual({ code: 4001, reason: 'é'.repeat(61) });
  });

  test('end() is answered by close(), once, and never within the call', async () => {
    const { gateway, handlers } = await start();
    let ending = false;
    let nested = 0;
    handlers.onClose = () => {
      if (ending) nested++;
    };
    handlers.onMessage = (connection) => {
      ending = true;
      connection.end(4001, 'once');
      connection.end(4002, 'twice');
      ending = false;
    };
    const client = await open(gateway);
    client.socket.send('close me');
    expect((await client.closed).code).toBe(4001);
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    await open(gateway);
    expect({ nested, codes: handlers.closes.map(({ code }) => code) }).toEqual({ nested: 0, codes: [4001] });
  });

  test('both ends closing at once is one close', async () => {
    const { gateway, handlers } = await start();
    const clients = await Promise.all(Array.from({ length: 50 }, () => open(gateway)));
    await eventually(() => expect(handlers.opened).toHaveLength(50));
    for (const [index, client] of clients.entries()) {
      client.socket.close(4500);
      handlers.opened[index]?.end(4000, '');
    }
    await Promise.all(clients.map(({ closed }) => closed));
    await eventually(() => expect(handlers.closes).toHaveLength(50));
    expect(new Set(handlers.closes.map(({ connection }) => connection)).size).toBe(50);
  });

  test('C16: a closed connection takes calls and does nothing', async () => {
    const { gateway, handlers } = await start();
    const client = await open(gateway);
    client.socket.terminate();
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    const connection = handlers.opened[0];
    expect(connection?.send('text')).toBe('dropped');
    expect(connection?.send(Uint8Array.of(1))).toBe('dropped');
    expect(connection?.backlog()).toBe(0);
    connection?.end(4000, 'again');
    expect(connection?.remoteAddress).toBe('127.0.0.1');
    await open(gateway);
    expect(handlers.closes).toHaveLength(1);
  });

  test('what a client sends after the server’s end is not delivered', async () => {
    const { gateway, handlers } = await start();
    handlers.onMessage = (connection) => connection.end(4000, '');
    const socket = await openRaw(gateway);
    socket.write(Buffer.concat([frame(1, 'first'), frame(1, 'second')]));
    socket.write(frame(1, 'third'));
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    await open(gateway);
    expect(handlers.messages).toEqual(['first']);
  });
}
