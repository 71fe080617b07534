import { LOCAL_ORIGIN } from '@chasqui/kit';
import type { BlobStore } from '@chasqui/ports';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';

/** Browser features that the page does not use, and so disables. */
const NO_FEATURES = ['camera', 'display-capture', 'geolocation', 'payment', 'serial', 'usb'];

/** Of the tus protocol, which uploads speak. */
const TUS_HEADERS = ['tus-resumable', 'upload-offset', 'upload-length'];

/** The page of the API reference uses inline styles; the chat page does not. */
export function withInlineStyles(policy: string): string {
  return policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
}

/** Sets headers that keep the page from being framed, sniffed or made to load foreign code, and the CORS rules. */
export async function secure(
  app: ApiServer,
  { corsOrigins }: Pick<ApiSettings, 'corsOrigins'>,
  { direct }: Pick<BlobStore, 'direct'>,
): Promise<void> {
  const store = direct === undefined ? [] : [direct.origin];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        // The page connects to any Connect node that it is offered, and their hosts are not known here. Files may be in
        // a store that it talks to itself.
        connectSrc: ["'self'", 'ws:', 'wss:', ...store],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...store],
        // Sounds and videos of messages: by links, or fetched with the token.
        mediaSrc: ["'self'", 'blob:', ...store],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Whether other hosts of the domain have TLS is not known here.
    strictTransportSecurity: { includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
  });
  // The page records voice messages, when the user lets it; pages in its frames may not.
  const features = [...NO_FEATURES.map((feature) => `${feature}=()`), 'microphone=(self)'].join(', ');
  app.addHook('onRequest', async (_, reply) => void reply.header('permissions-policy', features));
  await app.register(cors, {
    origin: corsOrigins === '*' ? true : corsOrigins === 'local' ? LOCAL_ORIGIN : [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'range', 'if-range', ...TUS_HEADERS],
    exposedHeaders: ['retry-after', 'content-range', 'content-disposition', 'etag', ...TUS_HEADERS],
    maxAge: 600,
    strictPreflight: false,
  });
}
