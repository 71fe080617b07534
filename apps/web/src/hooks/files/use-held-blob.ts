import type { HeldFile } from '../../live/files/file-cache.ts';
import { useOwnAddress } from './use-own-address.ts';

/** A file of this device in the form of one that was loaded; undefined until it has an address. */
export function useHeldBlob(blob: Blob): HeldFile | undefined {
  const address = useOwnAddress(blob);
  return address === '' ? undefined : { blob, address };
}
