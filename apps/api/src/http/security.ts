import { LOCAL_ORIGIN } from '@chasqui/kit';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';

/** What the page needs of a device: nothing that a browser would have to ask for. */
const NO_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'serial', 'usb'];

/** The page of the reference writes styles where it stands; the chat itself does not. */
export function withInlineStyles(policy: string): string {
  return policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
}

/** Headers that keep the page from being framed, sniffed or made to load others' code, and the rule of who may call. */
export async function secure(app: ApiServer, { corsOrigins }: ApiSettings): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        // The page connects to whichever Connect node is offered; their hosts are not known here.
        connectSrc: ["'self'", 'ws:', 'wss:'],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Whether other hosts of the domain have TLS is not ours to say.
    strictTransportSecurity: { includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const features = NO_FEATURES.map((feature) => `${feature}=()`).join(', ');
  app.addHook('onRequest', async (_, reply) => void reply.header('permissions-policy', features));
  await app.register(cors, {
    origin: corsOrigins === '*' ? true : corsOrigins === 'local' ? LOCAL_ORIGIN : [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after'],
    maxAge: 600,
    strictPreflight: false,
  });
}
