import { type ConversationId, DEFAULT_STATE } from '@chasqui/domain';
import type { WithState } from '../conversations/conversation-view.ts';
import { keyOfId } from '../conversations/direct.ts';
import type { GroupView } from '../groups/group-view.ts';
import type { Tab } from './tab.ts';

const NOTHING: readonly never[] = [];

export function groupMirror(tab: Tab, conversationId: ConversationId): GroupView & WithState {
  const { mirror } = tab;
  const kept = () => mirror.timeline.peek(keyOfId(conversationId));
  return {
    conversationId,
    peer: '',
    get head() {
      return mirror.heads.get(conversationId);
    },
    get isOpen() {
      return tab.interest.groups.includes(conversationId);
    },
    get messages() {
      return kept()?.messages ?? NOTHING;
    },
    get state() {
      return kept()?.state ?? DEFAULT_STATE;
    },
    get notices() {
      return mirror.group(conversationId)?.notices ?? NOTHING;
    },
    get readMarks() {
      return new Map(mirror.group(conversationId)?.marks);
    },
  };
}
