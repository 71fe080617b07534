import { apiCall } from '../connection/api-call.ts';
import { membersOf } from './group-members.ts';
import type { GroupHost, GroupPart } from './group-part.ts';
import { groupView } from './group-view.ts';
import { Groups } from './groups.ts';

/** The groups of a client, with what the application calls and the handlers of their frames. */
export function startGroups(host: GroupHost): GroupPart {
  const { core, options } = host;
  const groups = new Groups(host);
  const calls: GroupPart['calls'] = {
    group: (group) => groupView(core, groups, group),
    groups: () => groups.heads.all().map(({ conversationId }) => groupView(core, groups, conversationId)),
    members: (group, query = {}) => membersOf(apiCall(options.nodesUrl, options.token), group, query),
    openGroup: (group) => groups.open(group),
    closeGroup: (group) => groups.close(group),
  };
  const frames: GroupPart['frames'] = {
    stored_messages: (frame) => groups.stored(frame),
    notice: (frame) => groups.live(frame),
    read_mark: (frame) => groups.readMark(frame),
    groups: (frame) => groups.told(frame),
    log_updates: (frame) => groups.page(frame),
  };
  return Object.assign(groups, { calls, frames });
}
