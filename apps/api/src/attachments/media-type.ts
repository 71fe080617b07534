/** How many bytes of a file `mediaTypeOf` looks at. */
export const SNIFFED_BYTES = 4096;

/** The media type, its first bytes as Latin-1, and where they are. */
const SIGNATURES: readonly (readonly [type: string, bytes: string, at?: number])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'WEBP', 8],
  ['image/bmp', 'BM'],
  ['image/tiff', 'II*\0'],
  ['image/tiff', 'MM\0*'],
  ['audio/wav', 'WAVE', 8],
  ['video/x-msvideo', 'AVI ', 8],
  ['image/avif', 'ftypavif', 4],
  ['image/heic', 'ftypheic', 4],
  ['image/heic', 'ftypmif1', 4],
  ['audio/mp4', 'ftypM4A', 4],
  ['video/quicktime', 'ftypqt', 4],
  ['video/mp4', 'ftyp', 4],
  ['audio/mpeg', 'ID3'],
  ['audio/mpeg', '\xff\xfb'],
  ['audio/aac', '\xff\xf1'],
  ['audio/flac', 'fLaC'],
  ['audio/ogg', 'OggS'],
  ['audio/amr', '#!AMR'],
  ['application/pdf', '%PDF-'],
  ['application/gzip', '\x1f\x8b'],
  ['application/x-7z-compressed', '7z\xbc\xaf\x27\x1c'],
  ['application/vnd.rar', 'Rar!\x1a\x07'],
  ['application/x-tar', 'ustar', 257],
];
const RIFF = new Set(['image/webp', 'audio/wav', 'video/x-msvideo']);
const ZIP = 'PK\x03\x04';
const MATROSKA = '\x1aE\xdf\xa3';
/** Files that are zip archives, by what they are announced as. */
const IN_ZIP =
  /^application\/(?:vnd\.openxmlformats-officedocument\.[\w.-]+|vnd\.oasis\.opendocument\.[\w.-]+|epub\+zip)$/;
/** Text that no browser runs. */
const PLAIN = new Set(['text/plain', 'text/csv', 'text/markdown', 'text/calendar', 'text/vcard', 'application/json']);
const UNKNOWN = 'application/octet-stream';

/**
 * The media type of a file by its first bytes; `announced` decides only between kinds of text that no browser runs, and
 * between kinds of archives. Nothing is decoded, so that no content can make this slow. What a browser would run (HTML,
 * SVG, scripts) is never named as that.
 */
export function mediaTypeOf(start: Uint8Array, announced: string): string {
  const bytes = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, SNIFFED_BYTES));
  const text = bytes.toString('latin1');
  for (const [type, signature, at = 0] of SIGNATURES) {
    if (text.startsWith(signature, at) && (!RIFF.has(type) || text.startsWith('RIFF'))) return type;
  }
  if (text.startsWith(MATROSKA)) {
    if (!text.slice(0, 64).includes('webm')) return 'video/x-matroska';
    return announced === 'audio/webm' ? announced : 'video/webm';
  }
  if (text.startsWith(ZIP)) return IN_ZIP.test(announced) ? announced : 'application/zip';
  return PLAIN.has(announced) && isText(bytes) ? announced : UNKNOWN;
}

/** Whether it is a picture, a video or a sound. */
export function isMedia(type: string): boolean {
  return /^(?:image|video|audio)\//.test(type);
}

/** UTF-8 without control characters but line ends and tabs; the last character may be cut off. */
function isText(bytes: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return !/[\0-\x08\x0e-\x1f\ufffd]/.test(text);
}
