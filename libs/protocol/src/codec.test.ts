import { ImError } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, SUBPROTOCOLS } from './codec.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('C15: a connection speaks the encoding that was agreed', () => {
  test.each(SUBPROTOCOLS)('%s reads what it writes', (subprotocol) => {
    expect(decodeFrame(encodeFrame({ type: 'ping' }, subprotocol), subprotocol)).toEqual({ type: 'ping' });
  });

  test.each([
    ['chasqui.v1.msgpack', '{"type":"ping"}'],
    ['chasqui.v1.msgpack', 'nonsense'],
    ['chasqui.v1.json', bytesOf('{"type":"ping"}')],
    ['chasqui.v1.json', encodeFrame({ type: 'ping' }, 'chasqui.v1.msgpack')],
  ] as const)('%s does not read a frame of the other kind: %#', (subprotocol, data) => {
    const read = () => decodeFrame(data, subprotocol);
    expect(read).toThrow(ImError);
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_frame' }));
  });
});
