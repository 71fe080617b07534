import { schemaCheck } from '../schema-check.ts';

/** What is wrong with a value by a schema; empty: nothing. */
export function check(schema: object, value: unknown): string {
  const fault = schemaCheck(schema)(value);
  return fault === null ? '' : `${fault.field} ${fault.message}`;
}
