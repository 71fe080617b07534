import { MAX_JSON_DEPTH } from '@chasqui/domain';

/**
 * Where `jsonFault` finds a fault in the text that `JSON.stringify` makes of a value: a value that nests too deep, by the
 * beginning of its path, or half of a surrogate pair. Null: nowhere. Such a text has each number as it is, so a sender needs
 * no more than this.
 */
export function faultyPath(value: unknown, keys: readonly string[] = []): readonly string[] | null {
  if (typeof value === 'string' && !value.isWellFormed()) return keys;
  if (typeof value !== 'object' || value === null) return null;
  if (keys.length === MAX_JSON_DEPTH) return keys.slice(0, 2);
  for (const [key, item] of Object.entries(value)) {
    const path = [...keys, key];
    const fault = faultyPath(key, path) ?? faultyPath(item, path);
    if (fault !== null) return fault;
  }
  return null;
}
