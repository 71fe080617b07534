import { Writer } from './writer.ts';

const [NIL, FALSE, TRUE] = [0xc0, 0xc2, 0xc3];

/** An array or object that is being written. `keys` is null for an array. */
interface Open {
  values: readonly unknown[];
  keys: readonly string[] | null;
  at: number;
}

const writer = new Writer();

/**
 * Encodes a value as MessagePack, with the meaning that `JSON.stringify` gives it: undefined is omitted from objects
 * and null in arrays, and no key of an object is special. Not recursive: values stored by an earlier release may nest
 * deeper than is accepted today.
 */
export function encodeMessagePack(value: unknown): Uint8Array {
  const open: Open[] = [];
  const write = (one: unknown): void => {
    if (typeof one === 'string') writer.text(one);
    else if (typeof one === 'number' && Number.isFinite(one)) writer.number(one);
    else if (typeof one === 'boolean') writer.byte(one ? TRUE : FALSE);
    else if (typeof one !== 'object' || one === null) writer.byte(NIL);
    else if (Array.isArray(one)) {
      writer.array(one.length);
      if (one.length > 0) open.push({ values: one, keys: null, at: 0 });
    } else {
      const keys: string[] = [];
      const values: unknown[] = [];
      for (const [key, member] of Object.entries(one)) {
        if (member === undefined) continue;
        keys.push(key);
        values.push(member);
      }
      writer.map(keys.length);
      if (keys.length > 0) open.push({ values, keys, at: 0 });
    }
  };
  write(value);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { values, keys, at } = top;
    if (++top.at === values.length) open.pop();
    if (keys !== null) writer.text(keys[at] as string);
    write(values[at]);
  }
  return writer.take();
}
