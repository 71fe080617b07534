import type { ProtoReader } from '../wire/proto-reader.ts';
import { ProtoWriter } from '../wire/proto-writer.ts';

const EQUAL = 2;
const GREATER = 5;

interface Value {
  timestamp: number;
  value: Buffer;
}

interface FakeRow {
  columns: Map<string, Value>;
  /** Values up to this timestamp are hidden. */
  deletedUpTo: number;
}

/**
 * The rows of one table, by HBase's rules: the highest timestamp of each column shows; of equal ones, the later write.
 */
export class FakeRows {
  readonly #rows = new Map<string, FakeRow>();

  /** As a protobuf Result; empty if the row does not exist. */
  get(key: Buffer): Buffer {
    const out = new ProtoWriter();
    for (const [qualifier, { value, timestamp }] of this.#shown(key.toString('latin1'))) {
      out.message(1, () => {
        out.bytes(1, key).string(2, 'm').string(3, qualifier).uint(4, timestamp).bytes(6, value);
      });
    }
    return out.finish();
  }

  /** Takes a protobuf MutationProto. */
  mutate(mutation: ProtoReader): void {
    let row: FakeRow = { columns: new Map(), deletedUpTo: -1 };
    while (mutation.next()) {
      if (mutation.field === 1) row = this.#obtain(mutation.bytes().toString('latin1'));
      if (mutation.field !== 3) continue;
      for (const family = mutation.message(); family.next(); ) {
        if (family.field === 2) change(row, family.message());
      }
    }
  }

  /** Takes a protobuf Condition: column absent, or lower than the value. */
  holds(condition: ProtoReader): boolean {
    let key = '';
    let qualifier = '';
    let value: Buffer = Buffer.alloc(0);
    let operator = 0;
    while (condition.next()) {
      if (condition.field === 1) key = condition.bytes().toString('latin1');
      else if (condition.field === 3) qualifier = condition.string();
      else if (condition.field === 4) operator = condition.uint();
      else if (condition.field === 5) value = comparable(condition.message());
    }
    const current = new Map(this.#shown(key)).get(qualifier)?.value;
    if (value.length === 0) return operator === EQUAL && current === undefined;
    return operator === GREATER && current !== undefined && current.compare(value) < 0;
  }

  /** Keys of rows with visible values, from `from` (inclusive) to `to` (exclusive; empty: the end), in order. */
  keys(from: Buffer, to: Buffer): Buffer[] {
    return [...this.#rows.keys()]
      .filter((key) => this.#shown(key).length > 0)
      .map((key) => Buffer.from(key, 'latin1'))
      .filter((key) => key.compare(from) >= 0 && (to.length === 0 || key.compare(to) < 0))
      .sort((a, b) => a.compare(b));
  }

  #shown(key: string): [string, Value][] {
    const row = this.#rows.get(key);
    if (row === undefined) return [];
    return [...row.columns].filter(([, { timestamp }]) => timestamp > row.deletedUpTo);
  }

  #obtain(key: string): FakeRow {
    const row = this.#rows.get(key) ?? { columns: new Map(), deletedUpTo: -1 };
    this.#rows.set(key, row);
    return row;
  }
}

function change(row: FakeRow, given: ProtoReader): void {
  let qualifier = '';
  let value: Buffer = Buffer.alloc(0);
  let timestamp = 0;
  let isDelete = false;
  while (given.next()) {
    if (given.field === 1) qualifier = given.string();
    else if (given.field === 2) value = Buffer.from(given.bytes());
    else if (given.field === 3) timestamp = given.uint();
    else if (given.field === 4) isDelete = true;
  }
  if (isDelete) row.deletedUpTo = Math.max(row.deletedUpTo, timestamp);
  else if (timestamp >= (row.columns.get(qualifier)?.timestamp ?? 0)) row.columns.set(qualifier, { timestamp, value });
}

/** The value inside a Comparator that holds a BinaryComparator. */
function comparable(comparator: ProtoReader): Buffer {
  while (comparator.next()) {
    if (comparator.field !== 2) continue;
    const inner = comparator.message();
    while (inner.next()) {
      const array = inner.message();
      while (array.next()) if (array.field === 1) return array.bytes();
    }
  }
  return Buffer.alloc(0);
}
