import type { Attachment } from '@chasqui/domain';

/** What browsers show without running anything in it; all else is only saved. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|(?:audio|video)\/[a-z0-9-]+)$/;

/**
 * If the address is opened in a browser, nothing in the file runs, and what may exhaust the browser is not shown.
 * `isSaved`: nor is anything else.
 */
export function fileHeaders({ name, type, media }: Pick<Attachment, 'name' | 'type' | 'media'>, isSaved = false) {
  const { omitted = 'unavailable' } = media ?? {};
  const isShown = !isSaved && SHOWN.test(type) && omitted === 'unavailable';
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'content-type': type,
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}

/** As RFC 8187 has it. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
