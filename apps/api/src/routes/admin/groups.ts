import type { ApiContext, ApiServer } from '../../context.ts';
import { asOperator, type OperatorRoutes } from '../../http/as-operator.ts';
import { group } from '../group.ts';
import { groupLinks } from '../group-links.ts';
import { groupMemberList } from '../group-member-list.ts';
import { groupMembers } from '../group-members.ts';
import { groupRoles } from '../group-roles.ts';

/** Which routes of groups administrators have, whatever the settings of the group allow its members. */
const ROUTES: OperatorRoutes = {
  readGroup: { summary: 'A group' },
  changeGroup: {
    summary: "Change a group's name, description, picture or settings",
    description: 'What is absent stays.',
  },
  dissolveGroup: {
    summary: 'Dissolve a group',
    description: 'Nobody can post in it any more; its members can still read it.',
  },
  listMembers: {
    summary: 'The members of a group: owner, admins, others, each by name',
    description:
      'With `q`: those whose name or id has a word that begins with each of its words, in the order of these words; a page may then have fewer members although more follow.',
  },
  removeMember: {
    summary: 'Remove a member',
    description:
      'The owner is removed after another member was made the owner. Who was removed needs an approval to join by a link.',
  },
  setRole: { summary: 'Make a member an admin, or an admin a member' },
  muteMember: { summary: 'Forbid a member to post until a time' },
  transferGroup: {
    summary: 'Make another member the owner',
    description: 'The former owner becomes an admin.',
  },
  listLinks: { summary: 'The links of a group, newest first' },
  removeLink: { summary: 'End a link' },
};

/** What an operator does to groups: the changes that their members make, by the system. */
export function groupsForAdmins(app: ApiServer, context: ApiContext): void {
  const operator = asOperator(app, context, ROUTES);
  for (const route of [group, groupMemberList, groupMembers, groupRoles, groupLinks]) route(operator, context);
}
