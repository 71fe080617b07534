import { expect, test } from 'vitest';
import { eventually, frame, type GatewayFixture } from './gateway-fixture.ts';

/** Sockets that end without a close frame, or never become connections. */
export function brokenTests({ start, open, openRaw }: GatewayFixture): void {
  test('C15: a socket that breaks, and one that is half open, close with 1006', async () => {
    const { gateway, handlers } = await start();
    const broken = await openRaw(gateway);
    broken.resetAndDestroy();
    await eventually(() => expect(handlers.closes.map(({ code }) => code)).toEqual([1006]));
    const half = await openRaw(gateway);
    half.write(frame(1, 'last words'));
    half.end();
    await eventually(() => expect(handlers.closes.map(({ code }) => code)).toEqual([1006, 1006]));
    expect(handlers.messages).toEqual(['last words']);
  });

  test('a client that never finishes its handshake is no connection', async () => {
    const { gateway, handlers } = await start();
    const { connect } = await import('node:net');
    const half = connect(gateway.port, '127.0.0.1');
    half.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: webso');
    await open(gateway);
    await eventually(() => expect(handlers.opened).toHaveLength(1));
    half.destroy();
  });
}
