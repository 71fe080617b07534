import { MAX_JSON_DEPTH } from '@chasqui/domain';
import { fieldPath, nestPath } from './field-path.ts';
import { HALF_OF_PAIR, TOO_DEEP, type ValueFault } from './value-fault.ts';

/**
 * What `jsonFault` finds in the text that `JSON.stringify` makes of a value; null: nothing. Such a text has each number as
 * it is, so a sender needs no more than this.
 */
export function valueFault(value: unknown, keys: readonly string[] = []): ValueFault | null {
  if (typeof value === 'string' && !value.isWellFormed()) return { field: fieldPath(keys), message: HALF_OF_PAIR };
  if (typeof value !== 'object' || value === null) return null;
  if (keys.length === MAX_JSON_DEPTH) return { field: nestPath(keys), message: TOO_DEEP };
  for (const [key, item] of Object.entries(value)) {
    const path = [...keys, key];
    const fault = valueFault(key, path) ?? valueFault(item, path);
    if (fault !== null) return fault;
  }
  return null;
}
