// Makes a copy of uWebSockets.js that runs on a C library older than 2.38 (docs/adr/0029). Called by deploy/prepare.mjs
// if the C library is older; messages go to standard error.
import { relative } from 'node:path';
import { installedBinary, patchedCopyOf } from '@chasqui/gateway/uws-binaries';
import { writePatchedCopy } from './patched-copy.ts';

const binary = installedBinary();
const copy = patchedCopyOf(binary);
const say = (text: string) => console.error(`chasqui: ${text}`);
const shown = (path: string) => relative(process.cwd(), path);
try {
  if (await writePatchedCopy(binary, copy)) {
    say(`patched a copy of ${shown(binary)} for this machine's C library, which is older than 2.38: ${shown(copy)}`);
    say('nothing is patched with CHASQUI_GATEWAY=ws, which serves WebSockets by the slower ws');
  }
} catch (error) {
  // The app handles a missing copy: with CHASQUI_GATEWAY=auto it runs on ws.
  say(`no patched copy of uWebSockets.js was made: ${(error as Error).message}`);
}
