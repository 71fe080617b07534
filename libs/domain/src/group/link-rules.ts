import { isAllowed } from './group.ts';
import type { GroupChange } from './group-change.ts';
import { type GroupDraft, refusal } from './group-draft.ts';
import { MAX_LINKS } from './group-link.ts';

// Links, by which users join a group by themselves.

export function link(draft: GroupDraft, { conversationId, by, at, details }: GroupChange<'link'>): void {
  const { linkId, expiresAt, uses } = details;
  if (!isAllowed(draft.group.settings.add, draft.asker.role)) {
    throw refusal('not_allowed', 'conversationId', 'only admins of this group may make links: ask one of them');
  }
  if (expiresAt > 0 && expiresAt <= at) throw refusal('content_invalid', 'expiresAt', 'must be in the future, or 0');
  if (uses !== null && uses < 1) throw refusal('invalid_request', 'uses', 'must be at least 1, or null');
  if (draft.state.link !== null) throw refusal('invalid_request', 'linkId', 'this id is taken: ask again');
  if (draft.state.linkCount >= MAX_LINKS) {
    throw refusal('limit_reached', 'conversationId', `a group may have ${MAX_LINKS} links: remove one first`);
  }
  draft.putLink({ conversationId, linkId, createdBy: by, createdAt: at, expiresAt, usesLeft: uses });
  draft.answer({ linkId });
}

/** Whoever made the link may remove it, and admins. */
export function unlink(draft: GroupDraft, { conversationId, by }: GroupChange<'unlink'>): void {
  const { asker } = draft;
  const { link } = draft.state;
  if (link === null || link.conversationId !== conversationId) return;
  if (asker.role === 'member' && link.createdBy !== by) {
    throw refusal('not_allowed', 'linkId', 'only admins of this group may remove links that others made');
  }
  draft.endLink(link.linkId);
}
