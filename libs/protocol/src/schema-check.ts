import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { firstFault, type SchemaPart } from './first-fault.ts';
import type { ValueFault } from './value-fault.ts';

/** Returns the first fault of a value; null: none. */
export type SchemaCheck = (value: unknown) => ValueFault | null;

/**
 * The check of a schema. It stops at the first fault, and checks the length of each array before its items. It is
 * compiled at its first use: a server has hundreds, and starts without waiting for them.
 */
export function schemaCheck(schema: object): SchemaCheck {
  let validator: { Check(value: unknown): boolean } | undefined;
  return (value) => {
    validator ??= Compile(boundedFirst(schema) as TSchema);
    return validator.Check(value) ? null : firstFault(schema as SchemaPart, value);
  };
}

/**
 * Moves the length bound of arrays into a leading `allOf`: the compiled check of an array otherwise reads the items
 * before their number.
 */
function boundedFirst(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const { anyOf, properties, items, ...rest } = schema as { [keyword: string]: unknown };
  const inner = {
    ...rest,
    ...(anyOf === undefined ? {} : { anyOf: (anyOf as unknown[]).map(boundedFirst) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties as object).map(([k, v]) => [k, boundedFirst(v)])) }),
    ...(items === undefined ? {} : { items: boundedFirst(items) }),
  };
  if (!('maxItems' in rest)) return inner;
  return { allOf: [{ type: 'array', maxItems: rest.maxItems }, inner] };
}
