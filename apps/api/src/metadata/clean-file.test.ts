import { expect, test } from 'vitest';
import { box, chunk, exif, extension, fileOf, numbers, riff, SECRET, segment, webp } from '../testing/file-parts.ts';
import { cleaningOf } from './clean-file.ts';
import { exifOf, orientationIn, withExifPrefix } from './exif.ts';

async function cleaned(bytes: Buffer, type: string): Promise<Buffer | null> {
  const edits = await cleaningOf(fileOf(bytes), type);
  if (edits === null) return null;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of edits) {
    expect(edit.from).toBeGreaterThanOrEqual(at);
    parts.push(bytes.subarray(at, edit.from), edit.bytes);
    at = edit.to;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

const app1 = (block: Buffer) => segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), block]));
const SOI = numbers(0xff, 0xd8);
const EOI = numbers(0xff, 0xd9);
const JFIF = segment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0');
const ICC = segment(0xe2, 'ICC_PROFILE\0\x01\x01colours');
const ADOBE = segment(0xee, 'Adobe\0\x64\0\0\0\0\x01');
const TABLES = segment(0xdb, 'tables');
const SCAN = Buffer.concat([segment(0xda, 'scan'), Buffer.from('pixels\xff\0\xff\xd0more', 'latin1')]);
const TURNED = app1(exifOf(6));
const jpeg = (...parts: Buffer[]) => Buffer.concat([SOI, ...parts]);

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const IHDR = chunk('IHDR', 'thirteen byte');
const png = (...parts: Buffer[]) => Buffer.concat([SIGNATURE, IHDR, ...parts]);
const [IDAT, IEND] = [chunk('IDAT', 'pixels'), chunk('IEND', '')];

const VP8X = (flags: number) => riff('VP8X', numbers(flags, 0, 0, 0, 9, 0, 0, 9, 0, 0));
const VP8 = riff('VP8 ', 'odd');

const GIF = Buffer.from('GIF89a\x03\0\x02\0\x80\0\0sixsix', 'latin1');
const FRAME = Buffer.concat([extension(0xf9, 'ctrl'), numbers(0x2c, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2, 3, 1, 2, 3, 0)]);
const FOREVER = extension(0xff, 'NETSCAPE2.0', '\x01\0\0');
const END = numbers(0x3b);

const FTYP = box('ftyp', 'isom');
const MDAT = box('mdat', 'pictures and sound');
const handler = (kind: string) => box('hdlr', '\0\0\0\0\0\0\0\0', kind);
const track = (kind: string, ...more: Buffer[]) => box('trak', box('tkhd', 'x'), box('mdia', handler(kind)), ...more);
const free = (bytes: Buffer) => box('free', Buffer.alloc(bytes.length - 8));
const UDTA = box('udta', box('\xa9xyz', SECRET));

test.each<[what: string, type: string, before: Buffer, after: Buffer]>([
  [
    'a JPEG',
    'image/jpeg',
    jpeg(JFIF, app1(exif(6)), ICC, ADOBE, TABLES, SCAN, EOI),
    jpeg(JFIF, TURNED, ICC, ADOBE, TABLES, SCAN, EOI),
  ],
  [
    'of two Exif blocks one',
    'image/jpeg',
    jpeg(app1(exif(8)), app1(exif(3)), SCAN, EOI),
    jpeg(app1(exifOf(8)), SCAN, EOI),
  ],
  ['big-endian Exif', 'image/jpeg', jpeg(app1(exif(6, 'MM')), SCAN, EOI), jpeg(TURNED, SCAN, EOI)],
  ['an upright JPEG', 'image/jpeg', jpeg(app1(exif(1)), SCAN, EOI), jpeg(SCAN, EOI)],
  [
    'XMP, comments and makers',
    'image/jpeg',
    jpeg(
      segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${SECRET}`),
      segment(0xfe, SECRET),
      segment(0xed, SECRET),
      segment(0xe2, `MPF\0${SECRET}`),
      SCAN,
      EOI,
    ),
    jpeg(SCAN, EOI),
  ],
  [
    'a second picture and an archive behind a JPEG',
    'image/jpeg',
    jpeg(SCAN, EOI, SOI, app1(exif()), Buffer.from(`PK\x03\x04${SECRET}`)),
    jpeg(SCAN, EOI),
  ],
  [
    'metadata between two scans',
    'image/jpeg',
    jpeg(SCAN, segment(0xfe, SECRET), TABLES, SCAN, EOI),
    jpeg(SCAN, TABLES, SCAN, EOI),
  ],
  [
    'bytes between segments',
    'image/jpeg',
    jpeg(JFIF, Buffer.from(SECRET), TABLES, SCAN, EOI),
    jpeg(JFIF, TABLES, SCAN, EOI),
  ],
  ['a JPEG that is cut off', 'image/jpeg', jpeg(app1(exif(6)), SCAN), jpeg(TURNED, SCAN)],
  ['a JPEG cut off in its Exif', 'image/jpeg', jpeg(JFIF, app1(exif(1)).subarray(0, 40)), jpeg(JFIF)],
  [
    'a PNG',
    'image/png',
    png(chunk('eXIf', exif(6)), chunk('iCCP', 'x'), IDAT, IEND),
    png(chunk('eXIf', exifOf(6)), chunk('iCCP', 'x'), IDAT, IEND),
  ],
  [
    'texts and times of a PNG',
    'image/png',
    png(
      chunk('tEXt', SECRET),
      chunk('iTXt', SECRET),
      chunk('tIME', 'x'),
      chunk('xxXx', SECRET),
      IDAT,
      chunk('zTXt', SECRET),
      IEND,
    ),
    png(IDAT, IEND),
  ],
  [
    'an animated PNG with an archive behind it',
    'image/png',
    png(chunk('acTL', 'x'), IDAT, chunk('fcTL', 'x'), chunk('fdAT', 'x'), IEND, Buffer.from(SECRET)),
    png(chunk('acTL', 'x'), IDAT, chunk('fcTL', 'x'), chunk('fdAT', 'x'), IEND),
  ],
  ['a PNG that is cut off', 'image/png', png(chunk('eXIf', exif(1)), IDAT).subarray(0, -5), png(IDAT).subarray(0, -5)],
  ['a PNG cut off in a text', 'image/png', png(IDAT, chunk('tEXt', SECRET).subarray(0, 14)), png(IDAT)],
  [
    'a WebP',
    'image/webp',
    webp(VP8X(0x2c), riff('ICCP', 'x'), VP8, riff('EXIF', exif(6)), riff('XMP ', SECRET)),
    webp(VP8X(0x28), riff('ICCP', 'x'), VP8, riff('EXIF', exifOf(6))),
  ],
  [
    'an upright animated WebP',
    'image/webp',
    Buffer.concat([
      webp(VP8X(0x0e), riff('ANIM', 'x'), riff('ANMF', 'x'), riff('EXIF', exif(1)), riff('junk', SECRET)),
      Buffer.from(SECRET),
    ]),
    webp(VP8X(0x02), riff('ANIM', 'x'), riff('ANMF', 'x')),
  ],
  [
    'an animated GIF',
    'image/gif',
    Buffer.concat([
      GIF,
      FOREVER,
      extension(0xfe, SECRET),
      extension(0xff, 'XMP DataXMP', SECRET),
      FRAME,
      FRAME,
      END,
      Buffer.from(SECRET),
    ]),
    Buffer.concat([GIF, FOREVER, FRAME, FRAME, END]),
  ],
  [
    'a GIF without an end',
    'image/gif',
    Buffer.concat([GIF, extension(0xfe, SECRET), FRAME]),
    Buffer.concat([GIF, FRAME]),
  ],
  [
    'a video, in its place',
    'video/mp4',
    Buffer.concat([
      FTYP,
      box('uuid', SECRET),
      box('moov', box('mvhd', 'x'), UDTA, track('vide', UDTA), track('meta', Buffer.from('')), box('meta', SECRET)),
      MDAT,
    ]),
    Buffer.concat([
      FTYP,
      free(box('uuid', SECRET)),
      box(
        'moov',
        box('mvhd', 'x'),
        free(UDTA),
        track('vide', free(UDTA)),
        free(track('meta')),
        free(box('meta', SECRET)),
      ),
      MDAT,
    ]),
  ],
  [
    'a video that is cut off',
    'video/quicktime',
    Buffer.concat([FTYP, box('moov', UDTA), MDAT.subarray(0, 12)]),
    Buffer.concat([FTYP, box('moov', free(UDTA)), MDAT.subarray(0, 12)]),
  ],
])('C15: without its metadata: %s', async (_, type, before, after) => {
  const found = await cleaned(before, type);
  expect(found?.toString('latin1')).toBe(after.toString('latin1'));
  expect(found?.includes(SECRET)).toBe(false);
  // What is clean already is not touched.
  expect(await cleaningOf(fileOf(after), type)).toSatisfy((edits) => type.startsWith('video/') || edits?.length === 0);
});

/** A picture of the MP4 family: `place` is where its Exif is. */
function heic(place: number, length: number, items = 1): Buffer {
  const info = box('infe', numbers(2, 0, 0, 0, 0, 1, 0, 0), 'Exif');
  const extent = Buffer.alloc(8);
  extent.writeUInt32BE(place);
  extent.writeUInt32BE(length, 4);
  const places = box('iloc', numbers(0, 0, 0, 0, 0x44, 0, 0, items, 0, 1, 0, 0, 0, 1), extent);
  return Buffer.concat([
    box('ftyp', 'avif'),
    box('meta', '\0\0\0\0', handler('pict'), box('iinf', numbers(0, 0, 0, 0, 0, 1), info), places),
  ]);
}

test('C15: of a HEIC or AVIF the Exif is overwritten where it is, and nothing else', async () => {
  const head = heic(0, 0).length;
  const bytes = Buffer.concat([heic(head + 8, SECRET.length), box('mdat', SECRET, 'pixels')]);
  const found = await cleaned(bytes, 'image/avif');
  expect(found).toEqual(
    Buffer.concat([bytes.subarray(0, head + 8), Buffer.alloc(SECRET.length), Buffer.from('pixels')]),
  );
});

test.each<[what: string, type: string, bytes: Buffer]>([
  ['a TIFF', 'image/tiff', Buffer.from('II*\0')],
  ['a script that begins as a GIF', 'image/gif', Buffer.from('GIF89a/*<svg onload=alert(1)>*/=1;alert(1)')],
  ['a GIF without a picture', 'image/gif', Buffer.concat([GIF, END])],
  ['a PNG without a head', 'image/png', Buffer.concat([SIGNATURE, IDAT])],
  ['a PNG whose chunks have no names', 'image/png', png(Buffer.from(`\0\0\0\x0412\x004${SECRET}`))],
  ['a WebP without a picture', 'image/webp', webp(riff('EXIF', exif()))],
  ['a video that is cut off in its index', 'video/mp4', Buffer.concat([FTYP, box('moov', UDTA).subarray(0, 20)])],
  ['a video whose boxes overlap', 'video/mp4', box('moov', numbers(0, 0, 0, 99), 'udta', SECRET)],
  ['a video with an endless box', 'video/mp4', Buffer.concat([FTYP, numbers(0, 0, 0, 2), Buffer.from('udta')])],
  ['an AVIF whose Exif is nowhere', 'image/avif', heic(1_000_000, 5)],
  ['an AVIF that says more than it has', 'image/avif', heic(9, 5, 200)],
])('C15: what cannot be cleaned for certain is not called clean: %s', async (_, type, bytes) => {
  expect(await cleaned(bytes, type)).toBeNull();
});

test('C16: boxes within boxes, and more places than there are bytes, end soon', async () => {
  let deep = box('trak', '');
  for (let n = 0; n < 10_000; n++) deep = Buffer.concat([numbers(0, 0, 0, 0), Buffer.from('trak'), deep]);
  for (let at = 0; at + 8 <= deep.length; at += 8) deep.writeUInt32BE(deep.length - at, at);
  expect(await cleaned(box('moov', deep), 'video/mp4')).toBeNull();
  const many = Buffer.alloc(6 * 200_000);
  for (let at = 0; at < many.length; at += 6) many.writeUInt16BE(0xffff, at + 4);
  const endless = box(
    'meta',
    '\0\0\0\0',
    box('iinf', numbers(0, 0, 0, 0, 0, 0)),
    box('iloc', numbers(0, 0, 0, 0, 0, 0, 255, 255), many),
  );
  expect(await cleaned(endless, 'image/heic')).toBeNull();
});

test('whatever is cut off, cleaning ends, and the secret is gone or the file is refused', async () => {
  const all: [string, Buffer][] = [
    ['image/jpeg', jpeg(JFIF, app1(exif(6)), segment(0xfe, SECRET), TABLES, SCAN, EOI)],
    ['image/png', png(chunk('eXIf', exif(6)), chunk('tEXt', SECRET), IDAT, IEND)],
    ['image/webp', webp(VP8X(0x0c), VP8, riff('EXIF', exif(6)), riff('XMP ', SECRET))],
    ['image/gif', Buffer.concat([GIF, extension(0xfe, SECRET), FRAME, END])],
    ['video/mp4', Buffer.concat([FTYP, box('moov', UDTA, track('vide', UDTA)), MDAT])],
  ];
  for (const [type, bytes] of all) {
    for (let length = 12; length < bytes.length; length++) {
      const found = await cleaned(bytes.subarray(0, length), type);
      expect(found?.includes(SECRET.slice(0, 4)) ?? false, `${type} of ${length} bytes`).toBe(false);
    }
  }
});

test('an orientation is read and written in both byte orders; anything else is none', () => {
  expect([exif(6), exif(6, 'MM'), withExifPrefix(exif(8)), exifOf(3)].map(orientationIn)).toEqual([6, 6, 8, 3]);
  for (const block of [
    exif(1),
    exif(9),
    Buffer.from('XX'),
    exif(6).subarray(0, 12),
    Buffer.from('MM\0*\xff\xff\xff\xff      ', 'latin1'),
  ])
    expect(orientationIn(block)).toBeNull();
});
