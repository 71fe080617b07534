const ORIENTATION = 0x0112;
const SHORT = 3;
const PREFIX = Buffer.from('Exif\0\0', 'latin1');
const IFD_ENTRY = 12;

/** How a picture is to be turned, 2–8, by its Exif block, with or without its prefix; null: not at all, or not known. */
export function orientationIn(block: Buffer): number | null {
  const tiff = block.subarray(0, PREFIX.length).equals(PREFIX) ? block.subarray(PREFIX.length) : block;
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return null;
  const u16 = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const start = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (start + 2 > tiff.length) return null;
  for (let n = 0, at = start + 2; n < u16(start) && at + IFD_ENTRY <= tiff.length; n++, at += IFD_ENTRY) {
    if (u16(at) !== ORIENTATION) continue;
    const value = u16(at + 8);
    return value >= 2 && value <= 8 ? value : null;
  }
  return null;
}

/** An Exif block, without its prefix, that says how a picture is to be turned and nothing else. */
export function exifOf(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(ORIENTATION, 10);
  tiff.writeUInt16BE(SHORT, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}

export function withExifPrefix(tiff: Buffer): Buffer {
  return Buffer.concat([PREFIX, tiff]);
}
