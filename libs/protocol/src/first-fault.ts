import { fieldPath } from './field-path.ts';
import type { ValueFault } from './value-fault.ts';

/** The parts of JSON Schema that frames and bodies use; a test checks that no schema uses another. */
export interface SchemaPart {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly SchemaPart[];
  properties?: { readonly [field: string]: SchemaPart };
  required?: readonly string[];
  additionalProperties?: boolean;
  minProperties?: number;
  items?: SchemaPart;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** `pattern` in words, to follow "must". Required for patterns that are long or hard to read (a test checks that). */
  'x-rule'?: string;
  minimum?: number;
  maximum?: number;
}

type Keys = (string | number)[];
/** Returns what is wrong at this place, without the field, and leaves the path in `keys`; null: nothing is wrong. */
type Search = (schema: SchemaPart, value: unknown, keys: Keys) => string | null;

/**
 * The first fault of a value that a schema refuses: the field's path and a sentence. The search stops there, and checks
 * an array's length before its items, so a value with thousands of faults costs no more than one with a single fault.
 * Its recursion is as deep as the schema, not as the value.
 */
export function firstFault(schema: SchemaPart, value: unknown): ValueFault {
  const keys: Keys = [];
  const message = faultIn(schema, value, keys) ?? 'does not match its schema';
  return { field: fieldPath(keys), message };
}

const faultIn: Search = (schema, value, keys) => {
  const { type, anyOf } = schema;
  if (anyOf !== undefined) return faultInAny(anyOf, value, keys);
  if (type !== undefined && !isOfType(type, value)) return `must be ${type}`;
  if ('const' in schema && value !== schema.const) return `must be ${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return `must be one of ${schema.enum.join(', ')}`;
  if (typeof value === 'string') return faultInText(schema, value);
  if (typeof value === 'number') return faultInNumber(schema, value);
  if (Array.isArray(value)) return faultInArray(schema, value, keys);
  return typeof value === 'object' && value !== null ? faultInObject(schema, value, keys) : null;
};

/** Among alternatives, the first one for the value's own type gives the best message: of texts and numbers, there may be several. */
function faultInAny(anyOf: readonly SchemaPart[], value: unknown, keys: Keys): string | null {
  const faults = anyOf.map((schema) => ({ schema, keys: [] as Keys, message: null as string | null }));
  for (const one of faults) {
    one.message = faultIn(one.schema, value, one.keys);
    if (one.message === null) return null;
  }
  const isOwn = ({ type }: SchemaPart) => typeof value === 'object' && type !== undefined && isOfType(type, value);
  const inside = faults.find((one) => one.keys.length > 0 || isOwn(one.schema));
  keys.push(...(inside?.keys ?? []));
  if (inside !== undefined) return inside.message;
  const choices = anyOf.map(({ const: constant, type }) => (constant === undefined ? type : JSON.stringify(constant)));
  return `must be one of ${choices.join(', ')}`;
}

const faultInObject: Search = (schema, value, keys) => {
  const { properties = {}, required = [], additionalProperties, minProperties = 0 } = schema;
  const members = value as { readonly [field: string]: unknown };
  const missing = required.find((field) => !Object.hasOwn(members, field));
  if (missing !== undefined) {
    keys.push(missing);
    return 'is missing';
  }
  if (additionalProperties === false) {
    for (const field in members) {
      if (Object.hasOwn(properties, field)) continue;
      keys.push(field);
      return 'is not a known field';
    }
  }
  for (const [field, property] of Object.entries(properties)) {
    if (!Object.hasOwn(members, field)) continue;
    keys.push(field);
    const fault = faultIn(property, members[field], keys);
    if (fault !== null) return fault;
    keys.pop();
  }
  if (minProperties === 0 || Object.keys(members).length >= minProperties) return null;
  return `must have at least ${minProperties} of its fields`;
};

const faultInArray: Search = (schema, value, keys) => {
  const items = value as readonly unknown[];
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems, items: item } = schema;
  if (items.length < minItems) return `must have at least ${minItems} items`;
  if (items.length > maxItems) return `must have at most ${maxItems} items`;
  for (let index = 0; item !== undefined && index < items.length; index++) {
    keys.push(index);
    const fault = faultIn(item, items[index], keys);
    if (fault !== null) return fault;
    keys.pop();
  }
  // All schemas use it for strings only.
  return uniqueItems && new Set(items).size < items.length ? 'must not have duplicate items' : null;
};

function faultInText({ minLength = 0, maxLength, pattern, ...rest }: SchemaPart, text: string): string | null {
  // In code points; a text with more than twice as many code units is always too long.
  const isLong = maxLength !== undefined && text.length > maxLength;
  if (isLong && (text.length > 2 * maxLength || [...text].length > maxLength)) {
    return `must have at most ${maxLength} characters`;
  }
  if (text.length < 2 * minLength && [...text].length < minLength) return `must have at least ${minLength} characters`;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text))
    return `must ${rest['x-rule'] ?? `match ${pattern}`}`;
  return null;
}

function faultInNumber(
  { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: SchemaPart,
  value: number,
): string | null {
  if (value < minimum) return `must be at least ${minimum}`;
  return value > maximum ? `must be at most ${maximum}` : null;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
