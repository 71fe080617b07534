import { engineError, ImError } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';

/** Turns failures of HBase into `store_unavailable`, and our own mistakes into `unprocessable` or `internal`. */
export async function unavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HbaseError)) throw engineError(error, 'internal');
    const { reason } = error;
    throw new ImError('store_unavailable', `the message store is unavailable (${reason})`, { reason }, error);
  }
}
