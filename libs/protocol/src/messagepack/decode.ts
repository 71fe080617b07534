import { ImError, MAX_JSON_DEPTH } from '@chasqui/domain';
import { answerRef } from '../answer-ref.ts';
import { fieldPath, nestPath } from '../field-path.ts';
import { TOO_DEEP } from '../value-fault.ts';
import { Reader } from './reader.ts';

/** An array or object whose elements are being read. `key`: that of the next element; null: a key is next. */
interface Open {
  into: unknown[] | { [key: string]: unknown };
  left: number;
  key: string | null;
}

/**
 * The content of a head byte: a complete value, or the number of elements of the array or map (in a map, half of them
 * are keys).
 */
type Item = { value: unknown } | { array: number } | { map: number } | { fault: string };

/**
 * Decodes one MessagePack value (https://github.com/msgpack/msgpack/blob/master/spec.md) that JSON can express exactly:
 * no extensions, no binary, no NaN or infinity, no integer beyond ±(2^53 − 1), only string keys. Each byte is read
 * once, whatever lengths the bytes claim, and nothing is recursive. Errors: `invalid_json` if the bytes are not one
 * value; `invalid_frame` with the field for a value that JSON cannot express, or that nests too deep, with `ref` as far
 * as it has been read.
 */
export function decodeMessagePack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const open: Open[] = [];
  let root: unknown;
  const refuse = (message: string, field = fieldPath(placesIn(open))): never => {
    throw new ImError('invalid_frame', `${field || 'the frame'} ${message}`, { field, ref: answerRef(root) });
  };
  do {
    const item = itemAt(reader);
    if ('fault' in item) refuse(item.fault);
    let top = open.at(-1);
    let value: unknown;
    let begun: Open | null = null;
    if ('value' in item) value = item.value;
    else {
      const isMap = 'map' in item;
      const left = isMap ? item.map : (item as { array: number }).array;
      if (left > reader.left) throw new ImError('invalid_json', 'the MessagePack value ends too early');
      if (open.length === MAX_JSON_DEPTH) refuse(TOO_DEEP, nestPath(placesIn(open)));
      begun = { into: isMap ? {} : [], left, key: null };
      value = begun.into;
    }
    if (top === undefined) root = value;
    else if (Array.isArray(top.into)) {
      top.into.push(value);
      top.left--;
    } else if (top.key === null) {
      if (typeof value !== 'string') refuse('has a key that is not a string');
      top.key = value as string;
      top.left--;
    } else {
      put(top.into, top.key, value);
      top.left--;
      if (begun === null) top.key = null;
    }
    if (begun !== null) open.push(begun);
    for (top = open.at(-1); top?.left === 0; top = open.at(-1)) {
      open.pop();
      const around = open.at(-1);
      if (around !== undefined) around.key = null;
    }
  } while (open.length > 0);
  if (reader.left > 0) throw new ImError('invalid_json', 'there are bytes after the MessagePack value');
  return root;
}

function itemAt(reader: Reader): Item {
  const head = reader.uint(1);
  if (head <= 0x7f) return { value: head };
  if (head <= 0x8f) return { map: 2 * (head & 0x0f) };
  if (head <= 0x9f) return { array: head & 0x0f };
  if (head <= 0xbf) return text(reader, head & 0x1f);
  if (head >= 0xe0) return { value: head - 0x100 };
  const wide = WIDE[head - 0xc0];
  return wide === undefined ? { fault: 'is of a kind that JSON has not: binary or an extension' } : wide(reader);
}

/** By head byte, from 0xc0 on. Missing entries are binary, an extension, or not MessagePack. */
const WIDE: readonly (((reader: Reader) => Item) | undefined)[] = [
  () => ({ value: null }),
  () => {
    throw new ImError('invalid_json', 'the frame has a byte that MessagePack does not use');
  },
  () => ({ value: false }),
  () => ({ value: true }),
  ...new Array<undefined>(6),
  (reader) => number(reader.float(4)),
  (reader) => number(reader.float(8)),
  (reader) => ({ value: reader.uint(1) }),
  (reader) => ({ value: reader.uint(2) }),
  (reader) => ({ value: reader.uint(4) }),
  (reader) => number(reader.int64(false)),
  (reader) => ({ value: reader.int(1) }),
  (reader) => ({ value: reader.int(2) }),
  (reader) => ({ value: reader.int(4) }),
  (reader) => number(reader.int64(true)),
  ...new Array<undefined>(5),
  (reader) => text(reader, reader.uint(1)),
  (reader) => text(reader, reader.uint(2)),
  (reader) => text(reader, reader.uint(4)),
  (reader) => ({ array: reader.uint(2) }),
  (reader) => ({ array: reader.uint(4) }),
  (reader) => ({ map: 2 * reader.uint(2) }),
  (reader) => ({ map: 2 * reader.uint(4) }),
];

function number(value: number): Item {
  return Number.isFinite(value) ? { value } : { fault: 'is a number that JSON has not, or one beyond ±(2^53 − 1)' };
}

function text(reader: Reader, length: number): Item {
  const value = reader.text(length);
  return value === null ? { fault: 'is no text in UTF-8' } : { value };
}

/** As in `JSON.parse`, `__proto__` is an ordinary key. */
function put(into: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
  else into[key] = value;
}

/** The path of the item being read. A key that is not a string has no path of its own. */
function placesIn(open: readonly Open[]): (string | number)[] {
  return open.flatMap(({ into, key }, depth): (string | number)[] => {
    // All but the innermost already contain the item.
    if (Array.isArray(into)) return [depth === open.length - 1 ? into.length : into.length - 1];
    return key === null ? [] : [key];
  });
}
