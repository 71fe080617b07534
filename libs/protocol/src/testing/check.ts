import { schemaCheck } from '../schema-check.ts';

/** The first fault of a value by a schema; empty: none. */
export function check(schema: object, value: unknown): string {
  const fault = schemaCheck(schema)(value);
  return fault === null ? '' : `${fault.field} ${fault.message}`;
}
