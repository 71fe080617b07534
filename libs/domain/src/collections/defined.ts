/** Makes fields that may be undefined optional instead; `null`, `false`, `0` and `''` are values. */
export type Defined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} extends infer Both
  ? { [K in keyof Both]: Both[K] }
  : never;

/**
 * The fields whose value is not undefined: an absent field is not the same as an undefined one
 * (`exactOptionalPropertyTypes`).
 */
export function defined<T extends object>(fields: T): Defined<T> {
  const kept: Partial<T> = {};
  // Several times as fast as `Object.entries`; the argument is a plain object.
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as Defined<T>;
}
