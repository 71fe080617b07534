import type { ApiContext, ApiServer } from '../../context.ts';
import { asActor } from '../../http/as-actor.ts';
import type { UserRoute } from '../../http/mounted-at.ts';
import { attachmentParts } from '../attachment-parts.ts';
import { attachmentUpload } from '../attachment-upload.ts';
import { attachments } from '../attachments.ts';

/** The calls of which the audit log tells: not each piece of a file. */
const AUDITED = new Set(['reserveAttachment', 'abandonAttachment', 'endUpload']);
const changes = ({ id }: UserRoute) => (AUDITED.has(id) ? ('upload_file' as const) : undefined);
const SCOPES = { read: 'files:write', write: 'files:write', changes, asDisabled: true } as const;

/** Announcing and completing files by a key, as any user: those of messages that are imported, or sent as them. */
export function uploads(app: ApiServer, context: ApiContext): void {
  const own = asActor(app, context, SCOPES);
  attachments(own, context);
  attachmentParts(own, context);
}

/** Their bytes. In a scope of its own: only there is a body read as it comes. */
export function uploadedBytes(app: ApiServer, context: ApiContext): void {
  attachmentUpload(asActor(app, context, SCOPES), context);
}
