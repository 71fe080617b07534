import { type ConversationId, defined, ImError, isGroupId, type MessageContent, unedited } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { NodeContext } from '../node-context.ts';
import { checkSize } from '../send/checks.ts';
import { onlyInGroups } from '../send/conversations/direct.ts';
import type { Session } from '../sessions/session.ts';
import type { FrameHandler } from './frame-handler.ts';
import { type AskedAction, publishAction } from './publish-action.ts';
import { publishReaction } from './publish-reaction.ts';

type ActionFrame = ClientFrameOf<'action'>;
type Wanted = Exclude<ActionFrame['action'], 'react'>;

/** The fields that belong to some actions only. */
const PAYLOAD_FIELDS = ['content', 'mentions', 'actionId', 'emoji', 'on'] as const;

const PAYLOADS: { readonly [A in Wanted]: (node: NodeContext, frame: ActionFrame) => AskedAction } = {
  recall(_, frame) {
    refuseOthers(frame, ['actionId']);
    return { action: 'recall' };
  },
  edit(node, frame) {
    const { content, mentions, actionId = node.ids.next() } = frame;
    refuseOthers(frame, ['content', 'mentions', 'actionId']);
    if (content === undefined) throw invalid('content', 'an edit must have the new content');
    checkSize(JSON.stringify(content), node.limits.maxContentBytes);
    refuseOtherParts(content);
    if (mentions !== undefined && !isGroupId(frame.conversationId)) throw onlyInGroups();
    return { action: 'edit', content, actionId, ...defined({ mentions }) };
  },
};

/**
 * Business decides, as only it knows the message. It announces the action to everybody who has the message, or refuses
 * it to this session. Errors: `invalid_frame`, `content_too_large`, `blocked`, `action_refused`, and those of
 * `publishAction` and `publishReaction`.
 */
export const handleAction: FrameHandler<'action'> = async (node, session, frame) => {
  if (frame.action === 'react') {
    refuseOthers(frame, ['actionId', 'emoji', 'on']);
    // Reactions have a rate of their own in a group.
    if (!isGroupId(frame.conversationId)) await mustReach(node, session, frame.conversationId);
    return publishReaction(node, session, frame);
  }
  const payload = PAYLOADS[frame.action](node, frame);
  if (frame.action !== 'recall') await mustReach(node, session, frame.conversationId);
  await publishAction(node, session, frame, payload);
};

function refuseOthers(frame: ActionFrame, own: readonly string[]): void {
  const other = PAYLOAD_FIELDS.find((field) => frame[field] !== undefined && !own.includes(field));
  if (other !== undefined) throw invalid(other, `does not belong to the action ${frame.action}`);
}

/** Business cannot refuse them all: a frame may name a file by its id alone, which an event may not. */
function refuseOtherParts(content: MessageContent): void {
  const [part] = Object.keys(unedited(content));
  if (part === undefined) return;
  const message = `an edit replaces the text and the data of a message: leave ${part} out, which stays as it is`;
  throw new ImError('action_refused', message, { field: `content.${part}` });
}

function invalid(field: string, message: string): ImError {
  return new ImError('invalid_frame', `action: ${field}: ${message}`, { field });
}

/**
 * Whoever may not write to the other user of a direct conversation does not reach them with changes of old messages
 * either. Where a block is to stay unnoticed, the refusal names no reason. In a group Business decides who may, and a
 * change counts as a message of its rate, as it goes to as many (C23). Errors: `not_a_member`, `blocked`,
 * `action_refused`, `too_fast`, `store_unavailable`.
 */
async function mustReach(node: NodeContext, session: Session, conversationId: ConversationId): Promise<void> {
  const inGroup = isGroupId(conversationId);
  const kind = inGroup ? node.kinds.group : node.kinds.c2c;
  const decided = await kind.resolve(session, { conversationId }).decide();
  if (decided instanceof ImError) throw decided;
  if (inGroup || decided.verdict === '') return;
  const refusal = decided.audienceBy(decided.verdict);
  if (refusal instanceof ImError) throw new ImError('blocked', refusal.message, { field: 'conversationId' });
  throw new ImError('action_refused', 'the message cannot be changed', { field: 'messageId' });
}
