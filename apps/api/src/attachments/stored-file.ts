import { type Attachment, ImError, readableKey, thumbnailKey } from '@chasqui/domain';
import type { BlobHeaders, BlobKey } from '@chasqui/ports';
import { fileHeaders } from './file-headers.ts';
import type { FileView } from './file-links.ts';

/** Where the bytes of a file, or of its thumbnail, are, and what they are given out as. */
export interface StoredFile {
  key: BlobKey;
  headers: ReturnType<typeof fileHeaders>;
  /** The same for a store that gives them out itself. */
  served: BlobHeaders;
}

/** Errors: `not_found` if it has no thumbnail of this size. */
export function storedFile(attachment: Attachment, { size, isSaved }: FileView): StoredFile {
  const { id, media } = attachment;
  if (size !== undefined && !media?.thumbnails?.includes(size)) {
    throw new ImError('not_found', 'the file has no thumbnail of this size', { field: 'size' });
  }
  const shown = size === undefined ? attachment : { name: 'thumbnail.webp', type: 'image/webp' };
  const headers = fileHeaders(shown, isSaved);
  return {
    key: size === undefined ? readableKey(attachment) : thumbnailKey(id, size),
    headers,
    served: { type: headers['content-type'], disposition: headers['content-disposition'] },
  };
}
