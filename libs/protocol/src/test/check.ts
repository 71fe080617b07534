import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { firstFault } from '../validate.ts';

/** What is wrong with a value by a schema; empty: nothing. */
export function check(schema: object, value: unknown): string {
  const validator = Compile(schema as TSchema);
  if (validator.Check(value)) return '';
  const { field, message } = firstFault(validator as never, value);
  return `${field} ${message}`;
}
