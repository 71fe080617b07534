import { ImError } from '@chasqui/domain';
import { leavesConnectionSound } from './failures.ts';
import type { Link } from './link.ts';
import type { Answer, Statement } from './statement.ts';

/** A transaction that is open. */
export interface Transaction {
  /** One round trip. */
  query(statements: readonly Statement[]): Promise<Answer[]>;
}

/** What a transaction gives, and its last statements, which travel together with the commit. */
export interface Outcome<T> {
  result: T;
  writes: readonly Statement[];
}

/**
 * Reads and decides. `earlier` is the result of a try whose commit was sent and never answered: that one is over (its
 * locks are free, as we have them), but it may have been done. Work that finds its own traces then gives `earlier` again.
 */
export type Work<T> = (transaction: Transaction, earlier: T | undefined) => Promise<Outcome<T>>;

/** What is left of earlier tries of the same call. */
export interface Past<T> {
  /** See `Work`. */
  earlier?: T;
}

const BEGIN: Statement = { sql: 'BEGIN' };
const COMMIT: Statement = { sql: 'COMMIT' };
const ROLLBACK: Statement = { sql: 'ROLLBACK' };

/** One try. It leaves the connection without a transaction, or hung up. */
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
