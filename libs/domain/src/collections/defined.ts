/** Fields that may be undefined are optional instead; `null`, `false`, `0` and `''` are values. */
export type Defined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} extends infer Both
  ? { [K in keyof Both]: Both[K] }
  : never;

/** The same fields without those that are undefined: absent is not the same as undefined (`exactOptionalPropertyTypes`). */
export function defined<T extends object>(fields: T): Defined<T> {
  const kept: Partial<T> = {};
  // Several times as quick as going by `Object.entries`; what is given is a plain object.
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as Defined<T>;
}
