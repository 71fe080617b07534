import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, FRAME_BYTES, frame, type GatewayFixture, LARGE } from './gateway-fixture.ts';

const TEXTS = {
  'nothing at all': '',
  ASCII: '{"type":"ping"}',
  'two bytes a letter': 'Grüße, señora',
  'three bytes a letter': '你好，信使',
  'four bytes a letter': '👩‍👩‍👧‍👦🏃🏽',
  'a byte order mark first': '\ufefftext',
  'a zero byte': 'a\0b',
  'the largest frame': 'x'.repeat(FRAME_BYTES),
};

export function frameTests({ start, open, openRaw }: GatewayFixture): void {
  test.each(Object.entries(TEXTS))('text goes both ways unchanged: %s', async (_, text) => {
    const { gateway, handlers } = await start();
    const client = await open(gateway);
    client.socket.send(text);
    await eventually(() => expect(client.received).toEqual([text]));
    expect(handlers.messages).toEqual([text]);
  });

  test('bytes go both ways unchanged, and stay the handler’s own', async () => {
    const { gateway, handlers } = await start();
    const client = await open(gateway);
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (let round = 0; round < 20; round++) client.socket.send(all.map((byte) => byte ^ round));
    await eventually(() => expect(client.received).toHaveLength(20));
    for (const [round, data] of handlers.messages.entries()) {
      expect(data).toBeInstanceOf(Uint8Array);
      expect(Buffer.from(data as Uint8Array)).toEqual(Buffer.from(all.map((byte) => byte ^ round)));
      expect(client.received[round]).toEqual(Buffer.from(data as Uint8Array));
    }
  });

  test('C5: frames keep their order, text and bytes mixed', async () => {
    const { gateway } = await start();
    const client = await open(gateway);
    for (let n = 0; n < 2_000; n++) client.socket.send(n % 3 === 0 ? Buffer.from(String(n)) : String(n));
    await eventually(() => expect(client.received).toHaveLength(2_000));
    expect(client.received.map(Number)).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  });

  test('C5: frames that are written at once keep their place among those of their turn', async () => {
    const { gateway, handlers } = await start();
    const client = await open(gateway);
    handlers.onMessage = (connection) => {
      for (let n = 0; n < 30; n++) {
        connection.send(n % 2 === 0 ? String(n) : Buffer.from(String(n)));
        if (n % 7 === 0) connection.flush();
      }
      expect(connection.backlog()).toBeLessThanOrEqual(6);
    };
    client.socket.send('go');
    await eventually(() => expect(client.received).toHaveLength(30));
    expect(client.received.map(Number)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });

  test('a message in fragments arrives as one, and a ping between them is answered', async () => {
    const { gateway, handlers } = await start({});
    handlers.onMessage = () => {};
    const socket = await openRaw(gateway);
    socket.write(frame(1, 'frag', { fin: false }));
    socket.write(frame(9, 'are you there'));
    const [pong] = (await once(socket, 'data')) as [Buffer];
    expect(pong).toEqual(frame(10, 'are you there', { masked: false }));
    socket.write(frame(0, 'ments'));
    await eventually(() => expect(handlers.messages).toEqual(['fragments']));
  });

  test('the first offered subprotocol that is accepted is agreed', async () => {
    const { gateway, handlers } = await start();
    expect((await open(gateway, ['v9', 'v1', 'v2'])).socket.protocol).toBe('v1');
    expect((await open(gateway, ['v2', 'v1'])).socket.protocol).toBe('v2');
    expect((await open(gateway)).socket.protocol).toBe('');
    await eventually(() => expect(handlers.opened.map(({ subprotocol }) => subprotocol)).toEqual(['v1', 'v2', '']));
  });

  test('no subprotocol and no compression is agreed that the gateway does not speak', async () => {
    const { gateway } = await start();
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, ['v9']);
    const [error] = (await once(client, 'error')) as [Error];
    expect(error.message).toBe('Server sent no subprotocol');
    expect((await open(gateway)).socket.extensions).toBe('');
  });

  test('C15: a frame beyond the bound closes its connection and no other, and is not delivered', async () => {
    const { gateway, handlers } = await start();
    const large = await open(gateway);
    const other = await open(gateway);
    large.socket.send('x'.repeat(FRAME_BYTES + 1));
    large.socket.send('behind it');
    expect(await large.closed).toEqual({ code: LARGE, reason: 'frame_too_large' });
    other.socket.send('still here');
    await eventually(() => expect(other.received).toEqual(['still here']));
    expect(handlers.messages).toEqual(['still here']);
    expect(handlers.closes).toEqual([{ connection: handlers.opened[0], code: LARGE }]);
  });

  test('C15: bytes and fragments are held against the same bound, in bytes', async () => {
    const { gateway, handlers } = await start();
    const half = 'ü'.repeat(FRAME_BYTES / 4);
    const fragments = await open(gateway);
    fragments.socket.send(half, { fin: false });
    fragments.socket.send(`${half}x`);
    expect((await fragments.closed).code).toBe(LARGE);
    const binary = await open(gateway);
    binary.socket.send(new Uint8Array(FRAME_BYTES));
    binary.socket.send(new Uint8Array(FRAME_BYTES + 1));
    expect((await binary.closed).code).toBe(LARGE);
    expect(handlers.messages).toHaveLength(1);
  });

  test('C15, C16: a frame far beyond the bound is not read to its end', async () => {
    const { gateway, handlers } = await start();
    const large = await open(gateway);
    large.socket.send('x'.repeat(FRAME_BYTES * 4));
    expect([1006, 1009]).toContain((await large.closed).code);
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    expect(handlers.messages).toEqual([]);
  });

  const malformed = {
    'text that is not UTF-8': frame(1, Uint8Array.of(0x61, 0xff, 0x62)),
    'an overlong form of a letter': frame(1, Uint8Array.of(0xc0, 0x80)),
    'half of a surrogate pair': frame(1, Uint8Array.of(0xed, 0xa0, 0x80)),
    'a reserved opcode': frame(3, 'x'),
    'a continuation of nothing': frame(0, 'x'),
  };
  test.each(Object.entries(malformed))('C15: %s closes the connection, is not delivered', async (_, bytes) => {
    const { gateway, handlers } = await start();
    const socket = await openRaw(gateway);
    socket.write(bytes);
    await eventually(() => expect(handlers.closes).toHaveLength(1));
    expect([1002, 1006, 1007]).toContain(handlers.closes[0]?.code);
    expect(handlers.messages).toEqual([]);
  });
}
