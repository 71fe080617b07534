/** The fixed texts of a notification. */
interface Texts {
  newMessages(count: number): string;
  /** What a message is that has no text. */
  location: string;
  contact: string;
  files(count: number): string;
  /** Subject of an e-mail. */
  subject(name: string): string;
  open: string;
  /** Subject of the e-mail with a code. */
  codeSubject: string;
  codeIs(code: string): string;
  codeWhy: string;
  why: string;
}

const TEXTS = {
  en: {
    newMessages: (count) => (count > 1 ? `${count} new messages` : 'New message'),
    location: 'Location',
    contact: 'Contact',
    files: (count) => (count > 1 ? `${count} files` : 'File'),
    subject: (name) => `New messages from ${name}`,
    open: 'Open the conversation',
    codeSubject: 'Your code',
    codeIs: (code) => `The code for notifications at this address: ${code}`,
    codeWhy: 'Somebody asked for it, for an account of theirs. If it was not you, do nothing: you get no other mail.',
    why: 'You get this because your account has this address for notifications.',
  },
  zh: {
    newMessages: (count) => (count > 1 ? `${count} 条新消息` : '新消息'),
    location: '位置',
    contact: '名片',
    files: (count) => (count > 1 ? `${count} 个文件` : '文件'),
    subject: (name) => `${name} 给你发来了新消息`,
    open: '打开会话',
    codeSubject: '你的验证码',
    codeIs: (code) => `把通知发到这个邮箱的验证码：${code}`,
    codeWhy: '有人为自己的账号申请了它。如果不是你，请忽略这封邮件，你不会再收到其他邮件。',
    why: '你收到这封邮件，是因为你的账号把这个地址设为通知邮箱。',
  },
} as const satisfies { [language: string]: Texts };

export type Language = keyof typeof TEXTS;

/** The language of the first tag that is supported, by its primary language; else English. */
export function languageOf(...tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split(/[-_]/, 1)[0] ?? '';
    if (Object.hasOwn(TEXTS, primary)) return primary as Language;
  }
  return 'en';
}

export function textsIn(language: Language): Texts {
  return TEXTS[language];
}
