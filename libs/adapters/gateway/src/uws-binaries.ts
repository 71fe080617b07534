import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** SHA-256 of an installed binary, and of the copy that preparation makes of it for old C libraries. */
export interface KnownBinary {
  installed: string;
  patched: string;
}

/**
 * The Linux binaries of uWebSockets.js 20.57.0 as `@btc-vision/uwebsockets.js@20.57.0` contains them. No other file is
 * ever patched, and no other copy is loaded.
 */
export const KNOWN_BINARIES: { readonly [file: string]: KnownBinary } = {
  'uws_linux_arm64_115.node': {
    installed: '6bdbc8ff976b4371af1906175e9025804bacc38a414969f4f02314e6b99f206c',
    patched: 'eaa12cdd49c20a8fb1485dc055cc141ae85b64e2db245630085f93fec9e6601d',
  },
  'uws_linux_arm64_127.node': {
    installed: '82b79bd18d1e3563de336156005bd01b7f39fc387b65173d69a29da4ee79f895',
    patched: '9f8b29f1112b1e27138abd232d8cfbef4a405d5633625f38d19dba7d759a4c0b',
  },
  'uws_linux_arm64_137.node': {
    installed: '88618b30ddf6b2b62310db89f40a701616676352aac5e0f6184dd8ef876199ce',
    patched: '50691cb2ed74d2e1711806a07a3f3c6419db5fd63d776c171912f9c097fd270a',
  },
  'uws_linux_arm64_141.node': {
    installed: '81d0186dd1549ed6a7f47e68e323573fc27d69d2920527654ce2dd993af2b0ec',
    patched: '28f00717039d9fa9bc8a09660835deb2c1a76b4ec6421695b59d7ad608b94e14',
  },
  'uws_linux_x64_115.node': {
    installed: '5b126ee00bf754b02e97e4c27090365a8562c5820c93f93918ac2212d4503e91',
    patched: '0b40a7ff2a1e1d38e8d34ac9b69bf5cf757fcbbbe56fe3bc981ee5c664ebf314',
  },
  'uws_linux_x64_127.node': {
    installed: '4b55b1f2cb7a7913febbb65a89496412b96af77e838552980092ba6b33723aac',
    patched: '65537716292c5b3d9ee617914eeed1e4496f092f001c33504e8a9a0f12780f59',
  },
  'uws_linux_x64_137.node': {
    installed: '98128405dba2fb608448e921a979530f70c946a2cc9889c15f2fa70c2d00ab05',
    patched: '2630bb59236deeadf501d6abaf79c1a655b4a0b78579fba408eea84d1a30f6ca',
  },
  'uws_linux_x64_141.node': {
    installed: '813d788b347c6fd76b779d8932311ec05a044e612b4b83af220f16e6ea789683',
    patched: 'eea6f5f0ce9e2405a81ddb885b647c40bb5ebc2a06e48852f8af74290f79c543',
  },
};

/** The file that uWebSockets.js loads in this process. */
export function installedBinary(): string {
  const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
  return join(dirname(createRequire(import.meta.url).resolve('uWebSockets.js')), file);
}

/**
 * Where preparation keeps the patched copy of an installed binary: in `node_modules/.cache`, which a new install
 * removes.
 */
export function patchedCopyOf(binary: string): string {
  return join(dirname(dirname(binary)), '.cache/chasqui', basename(binary));
}
