import { ImError, MOMENT_LIMITS, PICTURE_TYPES, type Picture } from '@chasqui/domain';
import { readPictureHeader } from './picture-header.ts';

/** Errors: `content_invalid` for bytes that are not a picture, and for one that is too large to be shown. */
export function checkPicture(bytes: Buffer): Omit<Picture, 'pictureId'> {
  const header = readPictureHeader(bytes);
  if (header === null) {
    const types = PICTURE_TYPES.map((type) => type.slice('image/'.length).toUpperCase()).join(', ');
    throw new ImError('content_invalid', `the body is not a picture of a supported type (${types})`, { field: 'body' });
  }
  const { width, height } = header;
  const { maxPictureSide, maxPicturePixels } = MOMENT_LIMITS;
  if (Math.max(width, height) > maxPictureSide || width * height > maxPicturePixels) {
    const most = `${maxPictureSide} along each side, ${maxPicturePixels} in all`;
    throw new ImError('content_invalid', `the picture has too many pixels (${width} × ${height}): at most ${most}`, {
      field: 'body',
    });
  }
  return { ...header, bytes: bytes.length };
}
