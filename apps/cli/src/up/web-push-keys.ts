import { createECDH } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, makeFolder, unusable, vapidKeyText } from '@chasqui/kit';

/** The private key that the installation made, in its data folder. No backup has it. */
export const WEB_PUSH_KEY = 'webpush.key';
/** Where push services would reach an operator who named no address: nowhere (RFC 2606). */
const NOBODY = 'mailto:operator@chasqui.invalid';

/**
 * Settings of Web Push with keys of the installation's own, made at its first start and kept in its data folder: browsers
 * subscribe with the public one. Operators who set a key themselves keep theirs. Errors: `config_invalid` with the path.
 */
export async function withWebPushKeys(env: Environment, dataDir: string): Promise<Environment> {
  if (env.CHASQUI_PUSH_WEBPUSH_KEY_FILE || env.CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY) return env;
  const keyFile = join(dataDir, WEB_PUSH_KEY);
  try {
    await makeFolder(dataDir);
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    // Kept if there is one: another key would end all subscriptions.
    const made = `${vapidKeyText(pair.getPrivateKey())}\n`;
    await writeFile(keyFile, made, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    pair.setPrivateKey((await readFile(keyFile, 'utf8')).trim(), 'base64url');
    return {
      CHASQUI_PUSH_WEBPUSH_SUBJECT: NOBODY,
      ...env,
      CHASQUI_PUSH_WEBPUSH_KEY_FILE: keyFile,
      CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY: pair.getPublicKey('base64url'),
    };
  } catch (error) {
    throw unusable(`the key of Web Push ${keyFile}`, error);
  }
}
