import { LOCAL_ORIGIN } from '@chasqui/kit';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';

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
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Whether other hosts of the domain have TLS is not ours to say.
    strictTransportSecurity: { includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(cors, {
    origin: corsOrigins === '*' ? true : corsOrigins === 'local' ? LOCAL_ORIGIN : [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after'],
    maxAge: 600,
    strictPreflight: false,
  });
}
