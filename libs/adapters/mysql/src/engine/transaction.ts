import { ImError } from '@chasqui/domain';
import { leavesConnectionSound } from './failures.ts';
import type { Link } from './link.ts';
import type { Answer, Statement } from './statement.ts';

/** An open transaction. */
export interface Transaction {
  /** Takes one round trip. */
  query(statements: readonly Statement[]): Promise<Answer[]>;
}

/** The result of a transaction, and its last statements, which are sent together with the commit. */
export interface Outcome<T> {
  result: T;
  writes: readonly Statement[];
}

/**
 * Reads and decides. `earlier` is the result of an attempt whose commit was sent but never answered. That attempt is
 * over (this one holds its locks), but it may have been committed. If the work finds what it wrote, it returns
 * `earlier` again.
 */
export type Work<T> = (transaction: Transaction, earlier: T | undefined) => Promise<Outcome<T>>;

/** What remains of earlier attempts of the same call. */
export interface Past<T> {
  /** See `Work`. */
  earlier?: T;
}

const BEGIN: Statement = { sql: 'BEGIN' };
const COMMIT: Statement = { sql: 'COMMIT' };
const ROLLBACK: Statement = { sql: 'ROLLBACK' };

/** One attempt. Leaves the connection without a transaction, or closed. */
export async function runTransaction<T>(link: Link, work: Work<T>, past: Past<T>): Promise<T> {
  try {
    return await runOnce(link, work, past);
  } catch (error) {
    if (!link.isOpen) throw error;
    if (error instanceof ImError || leavesConnectionSound(error)) await link.run([ROLLBACK]);
    else link.end();
    throw error;
  }
}

async function runOnce<T>(link: Link, work: Work<T>, past: Past<T>): Promise<T> {
  let begun = false;
  const query = async (statements: readonly Statement[]) => {
    if (begun) return link.run(statements);
    const [, ...answers] = await link.run([BEGIN, ...statements]);
    begun = true;
    return answers;
  };
  const { result, writes } = await work({ query }, past.earlier);
  try {
    await query([...writes, COMMIT]);
  } catch (error) {
    if (writes.length > 0 && !leavesConnectionSound(error)) past.earlier = result;
    throw error;
  }
  return result;
}
