/** `by`, `users`: names; `by` begins a sentence. `isAlone`: the users did it themselves. */
export interface NoticeNames {
  by: string;
  users: string;
  isAlone: boolean;
}

/** What happened in a group, as sentences. */
export const noticesEn = {
  /** At the beginning of a sentence, and within. */
  you: 'You',
  youWithin: 'you',
  somebody: 'somebody',
  created: ({ by }: NoticeNames) => `${by} created the group`,
  joined: ({ by, users, isAlone }: NoticeNames) => (isAlone ? `${by} joined` : `${by} added ${users}`),
  removed: ({ by, users }: NoticeNames) => `${by} removed ${users}`,
  left: ({ by }: NoticeNames) => `${by} left`,
  owner: ({ by, users }: NoticeNames) => `${by} made ${users} the owner`,
  dissolved: ({ by }: NoticeNames) => `${by} dissolved the group`,
  madeAdmin: ({ by, users }: NoticeNames) => `${by} made ${users} an admin`,
  madeMember: ({ by, users }: NoticeNames) => `${by} ended the admin role of ${users}`,
  muted: ({ by, users }: NoticeNames, when: string) => `${by} muted ${users} (ends ${when})`,
  unmuted: ({ by, users }: NoticeNames) => `${by} let ${users} write again`,
  named: ({ by }: NoticeNames, name: string) => `${by} named the group “${name}”`,
  described: ({ by }: NoticeNames) => `${by} changed the description`,
  pictured: ({ by }: NoticeNames) => `${by} changed the picture`,
  settings: ({ by }: NoticeNames) => `${by} changed the settings`,
};

export type NoticesTexts = typeof noticesEn;
