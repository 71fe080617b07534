import { ImError } from '@chasqui/domain';
import { BLOB_KEY_PATTERN, type BlobKey } from '@chasqui/ports';

const pattern = new RegExp(BLOB_KEY_PATTERN);

/** Ensures that a key cannot lead to anything but its blob. Errors: `internal`. */
export function checkedKey(key: BlobKey): BlobKey {
  if (pattern.test(key)) return key;
  throw new ImError('internal', 'this is not a blob name');
}
