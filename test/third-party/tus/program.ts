/** The client of others that is tried. */
export const TUS_CLIENT = 'tus-js-client@4.3.1';

/**
 * A program that uploads a file with it, as its documentation has it, and prints how that ended. Its arguments: address,
 * token, file, bytes of a request (0: all in one), bytes after which it gives up (0: never), and whether it then also ends
 * the upload on the server.
 */
export const UPLOAD_PROGRAM = `
import { readFileSync } from 'node:fs';
import * as tus from 'tus-js-client';

const [uploadUrl, token, file, chunk, stopAt, terminates] = process.argv.slice(2);
const upload = new tus.Upload(readFileSync(file), {
  uploadUrl,
  headers: { Authorization: 'Bearer ' + token },
  chunkSize: Number(chunk) || Infinity,
  retryDelays: [0, 50, 100, 200, 400],
  onError: (error) => console.log('failed: ' + error.message),
  onSuccess: () => console.log('done'),
  onChunkComplete: async (_, sent) => {
    if (Number(stopAt) === 0 || sent < Number(stopAt)) return;
    await upload.abort(terminates === 'true');
    console.log('stopped at ' + sent);
    process.exit();
  },
});
upload.start();
`;
