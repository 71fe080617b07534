import { ImError } from '@chasqui/domain';
import { answerRef } from './answer-ref.ts';
import { jsonFault } from './json-text.ts';
import { decodeMessagePack } from './messagepack/decode.ts';
import { encodeMessagePack } from './messagepack/encode.ts';
import type { ServerFrame } from './server-frames.ts';

/** The path of the WebSocket, on the port of a node and on that of the API. */
export const WEBSOCKET_PATH = '/ws';
/** The WebSocket subprotocols: JSON text frames (also without any subprotocol), or the same objects as MessagePack. */
export const SUBPROTOCOLS = ['chasqui.v1.msgpack', 'chasqui.v1.json'] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];

/**
 * Decodes a frame: the value is at most `MAX_JSON_DEPTH` deep, every string is well-formed, and every number is exact.
 * Errors: `invalid_json` if the bytes are not one JSON text or, on the binary encoding, one MessagePack value;
 * `invalid_frame` if they are but the value is not allowed, or if a text frame comes where MessagePack was agreed or a
 * binary one where it was not. The details have the field and, where it could be read, the `ref` of the answer.
 */
export function decodeFrame(data: string | Uint8Array, subprotocol: Subprotocol = 'chasqui.v1.json'): unknown {
  const isText = typeof data === 'string';
  if (isText !== (subprotocol === 'chasqui.v1.json')) {
    const [came, agreed] = isText ? ['text', 'binary frames of MessagePack'] : ['binary', 'text frames of JSON'];
    throw new ImError('invalid_frame', `this is a ${came} frame, but ${agreed} were agreed`, { field: '' });
  }
  return isText ? readJson(data, 'invalid_frame') : decodeMessagePack(data);
}

/**
 * Decodes a JSON text from outside, under the same rules. `refusal`: the code for valid JSON whose value is not
 * allowed; its details have the field, and the `ref` of the answer if the text is a frame. `what`: what messages call the
 * text.
 */
export function readJson(
  data: string | Uint8Array,
  refusal: 'invalid_frame' | 'invalid_request',
  what = 'the frame',
): unknown {
  let text: string;
  let value: unknown;
  try {
    text = typeof data === 'string' ? data : new TextDecoder('utf-8', { fatal: true }).decode(data);
    // V8's parser is not recursive, whatever the depth; if that changes, its error is caught here.
    value = JSON.parse(text);
  } catch (error) {
    throw new ImError('invalid_json', `${what} is not one JSON text in UTF-8`, {}, error);
  }
  const fault = jsonFault(text);
  if (fault === null) return value;
  const { field, message } = fault;
  throw new ImError(refusal, `${field || 'the value'} ${message}`, { field, ref: answerRef(value) });
}

export function encodeFrame(frame: object, subprotocol: Subprotocol = 'chasqui.v1.json'): string | Uint8Array {
  return subprotocol === 'chasqui.v1.msgpack' ? encodeMessagePack(frame) : JSON.stringify(frame);
}

/** A server frame as the JSON text that nodes forward to one another. */
export function encodeServerFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
