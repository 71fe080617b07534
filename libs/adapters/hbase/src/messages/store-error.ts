import { ImError } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';

/** What fails leaves as `store_unavailable`. */
export async function unavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImError) throw error;
    const { reason } = HbaseError.from(error);
    throw new ImError('store_unavailable', `messages are not to be had (${reason})`, { reason }, error);
  }
}
