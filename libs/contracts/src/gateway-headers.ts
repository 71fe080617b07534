import { once } from 'node:events';
import { connect } from 'node:net';
import type { Gateway } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { eventually, type GatewayFixture, handshake } from './gateway-fixture.ts';

/** Headers of upgrades, in however many lines they come. */
export function headerTests({ start }: GatewayFixture): void {
  test('C15: subprotocols are one list, in however many lines they come', async () => {
    const { gateway, handlers } = await start();
    for (const lines of [
      ['v9', 'v1'],
      ['v9, v8', 'v7, v2, v1'],
      ['v1', 'v2'],
      ['v9', 'v8'],
    ]) {
      expect(await upgrade(gateway, ...lines.map((line) => `Sec-WebSocket-Protocol: ${line}`))).toBe(101);
    }
    await eventually(() => expect(handlers.opened).toHaveLength(4));
    expect(handlers.opened.map(({ subprotocol }) => subprotocol)).toEqual(['v1', 'v2', 'v1', '']);
  });

  test('C15: a client’s address is what one’s own proxy wrote, in however many lines, with whichever port', async () => {
    const { gateway, handlers } = await start({ proxies: 1 });
    for (const lines of [
      ['203.0.113.9', '203.0.113.1:20001'],
      ['6.6.6.6', '6.6.6.7, 203.0.113.2'],
      ['6.6.6.6, 203.0.113.3:443'],
      ['6.6.6.6', '[2001:db8::9]:443'],
      ['6.6.6.6', '::ffff:203.0.113.4'],
      ['6.6.6.6', 'unknown'],
    ]) {
      expect(await upgrade(gateway, ...lines.map((line) => `X-Forwarded-For: ${line}`))).toBe(101);
    }
    await eventually(() => expect(handlers.opened).toHaveLength(6));
    expect(handlers.opened.map(({ remoteAddress }) => remoteAddress)).toEqual([
      ...['203.0.113.1', '203.0.113.2', '203.0.113.3', '2001:db8::9', '203.0.113.4', '127.0.0.1'],
    ]);
  });

  test('C15: an upgrade with two lines of what there may be one of is refused, whatever they say', async () => {
    const { gateway, handlers } = await start({ admits: () => true });
    for (const lines of [
      ['Origin: https://chat.example', 'Origin: https://evil.example'],
      ['Origin: https://chat.example', 'ORIGIN: https://chat.example'],
      ['Host: other.example'],
      ['Authorization: Bearer a', 'Authorization: Bearer b'],
      ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
    ]) {
      expect([lines, await upgrade(gateway, ...lines)]).toEqual([lines, 400]);
    }
    expect(handlers.opened).toEqual([]);
  });

  /** The HTTP status of an upgrade request with additional header lines. */
  async function upgrade({ port }: Gateway, ...lines: string[]): Promise<number> {
    const socket = connect(port, '127.0.0.1');
    socket.write(handshake('/ws').replace('\r\n\r\n', `\r\n${lines.join('\r\n')}\r\n\r\n`));
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return Number(head.toString().split(' ', 2)[1]);
  }
}
