import { readFile } from 'node:fs/promises';
import { defined, ImError } from '@chasqui/domain';
import type { CommonConfig } from './common-config.ts';

/** A process's certificate for mutual TLS between processes, in PEM. */
export interface PeerCertificate {
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
  /** The name in the certificates, if it differs from the host of a peer's address. */
  serverName?: string;
}

/** The configured certificate, if there is one. Errors: `config_invalid`, with the path of a file that cannot be read. */
export async function loadCertificate({ peerTls }: CommonConfig): Promise<PeerCertificate | undefined> {
  if (peerTls === undefined) return undefined;
  const read = async (path: string) => {
    try {
      return await readFile(path);
    } catch (error) {
      throw new ImError('config_invalid', `the certificate file ${path} cannot be read`, {}, error);
    }
  };
  const { serverName } = peerTls;
  const [ca, cert, key] = await Promise.all([read(peerTls.ca), read(peerTls.cert), read(peerTls.key)]);
  return { ca, cert, key, ...defined({ serverName }) };
}
