import { ImError } from '@chasqui/domain';
import { Packr } from 'msgpackr';
import type { ServerFrame } from './server-frames.ts';

/** The WebSocket subprotocols: JSON text frames (also without any subprotocol), or the same objects as MessagePack. */
export const SUBPROTOCOLS = ['chasqui.v1.msgpack', 'chasqui.v1.json'] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });

/** Errors: `invalid_json` when the bytes are not one JSON text or, on the binary encoding, one MessagePack value. */
export function decodeFrame(data: string | Uint8Array, subprotocol: Subprotocol = 'chasqui.v1.json'): unknown {
  try {
    if (subprotocol === 'chasqui.v1.msgpack' && typeof data !== 'string') return packr.unpack(data);
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    throw new ImError('invalid_json', 'the frame is not valid JSON (or MessagePack, where that was agreed)', {}, error);
  }
}

export function encodeFrame(frame: object, subprotocol: Subprotocol = 'chasqui.v1.json'): string | Uint8Array {
  return subprotocol === 'chasqui.v1.msgpack' ? packr.pack(frame) : JSON.stringify(frame);
}

/** A server frame as the JSON text that nodes forward to one another. */
export function encodeServerFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
