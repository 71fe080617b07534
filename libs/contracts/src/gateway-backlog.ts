import type { Connection } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { BACKLOG_BYTES, eventually, type GatewayFixture, SLOW } from './gateway-fixture.ts';

const CHUNK = 'y'.repeat(16 * 1024);

/**
 * Sends a chunk each turn until the connection reports `outcome`. The kernel's own buffers first hold some megabytes.
 */
async function sendUntil(connection: Connection, outcome: 'buffered' | 'dropped'): Promise<number> {
  for (let sent = 0; sent < 4_096; sent++) {
    const said = connection.send(`${sent} ${CHUNK}`);
    expect(connection.backlog()).toBeLessThanOrEqual(BACKLOG_BYTES);
    if (said === outcome) return sent;
    await new Promise(setImmediate);
  }
  throw new Error(`never ${outcome}`);
}

export function backlogTests({ start, open }: GatewayFixture): void {
  test('C16: frames for a reader that stopped wait up to the bound, then its connection is closed; others flow', async () => {
    const { gateway, handlers } = await start();
    const slow = await open(gateway);
    const other = await open(gateway);
    await eventually(() => expect(handlers.opened).toHaveLength(2));
    const connection = handlers.opened[0] as Connection;
    slow.socket.pause();
    const buffered = await sendUntil(connection, 'buffered');
    const dropped = buffered + 1 + (await sendUntil(connection, 'dropped'));
    expect(connection.send('more')).toBe('dropped');
    await eventually(() => expect(handlers.closes).toEqual([{ connection, code: SLOW }]));
    other.socket.send('flows');
    await eventually(() => expect(other.received).toEqual(['flows']));
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: SLOW, reason: 'slow_consumer' });
    expect(slow.received).toHaveLength(dropped);
  });

  test('C16: one turn cannot exceed the bound either', async () => {
    const { gateway, handlers } = await start();
    const slow = await open(gateway);
    await eventually(() => expect(handlers.opened).toHaveLength(1));
    const connection = handlers.opened[0] as Connection;
    slow.socket.pause();
    let sent = 0;
    while (connection.send(CHUNK) !== 'dropped') {
      expect(connection.backlog()).toBeLessThanOrEqual(BACKLOG_BYTES);
      expect(++sent).toBeLessThan(4_096);
    }
    await eventually(() => expect(handlers.closes).toEqual([{ connection, code: SLOW }]));
  });

  test('a slow reader that goes on in time gets every frame, in order, and its backlog ends', async () => {
    const { gateway, handlers } = await start();
    const slow = await open(gateway);
    await eventually(() => expect(handlers.opened).toHaveLength(1));
    const connection = handlers.opened[0] as Connection;
    slow.socket.pause();
    const last = await sendUntil(connection, 'buffered');
    await new Promise(setImmediate);
    expect(connection.backlog()).toBeGreaterThan(0);
    slow.socket.resume();
    await eventually(() => expect(slow.received).toHaveLength(last + 1));
    expect(slow.received.map((text) => Number.parseInt(`${text}`, 10))).toEqual([...slow.received.keys()]);
    await eventually(() => expect(connection.backlog()).toBe(0));
    expect(connection.send('after')).toBe('sent');
    await eventually(() => expect(slow.received.at(-1)).toBe('after'));
    expect(handlers.closes).toEqual([]);
  });
}
