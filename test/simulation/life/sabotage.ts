import type { StoredMessage } from '@chasqui/domain';
import type { ActionToRecord } from '@chasqui/ports';
import type { ServerFrame } from '@chasqui/protocol';
import type { Sabotage } from '../engine-set.ts';
import type { Breakage } from '../world.ts';

/** Parts that break a promise about what becomes of messages: the judge must detect each. */

type Transport = NonNullable<Breakage['transport']>;

/** Drops frames, live ones and answers, that have this text. */
function dropping(text: string): Transport {
  return (transport) => (url, ears) =>
    transport(url, { ...ears, received: (frame) => (frame.includes(text) ? undefined : ears.received(frame)) });
}

/** Devices to which no frame of an edit says what it made of the message. */
export const withoutEdits: Transport = (transport) => (url, ears) =>
  transport(url, {
    ...ears,
    received(text) {
      const frame = JSON.parse(text) as ServerFrame;
      if (frame.type !== 'action' || frame.action !== 'edit') return ears.received(text);
      const { content: _, editedAt: __, ...rest } = frame;
      ears.received(JSON.stringify(rest));
    },
  });

/** Devices to which no update says what is hidden. */
export const withoutHidden: Transport = dropping('"type":"hidden","conversationId"');

/** Edits messages that were recalled. */
export const editedRecalls: Sabotage = ({ messages }) => {
  const edited = new Map<string, string>();
  return {
    messages: {
      ...messages,
      apply: async (actions) => {
        for (const { messageId, action } of actions)
          if (action.action === 'edit') edited.set(messageId, action.content.text ?? '');
        return messages.apply(actions);
      },
      scan: async (cursor, limit) => {
        const page = await messages.scan(cursor, limit);
        return { ...page, messages: page.messages.map((message) => withText(message, edited.get(message.messageId))) };
      },
    },
  };
};

/** Keeps what recalled messages said. */
export const keptRecalls: Sabotage = ({ messages }) => ({
  messages: {
    ...messages,
    scan: async (cursor, limit) => {
      const page = await messages.scan(cursor, limit);
      return { ...page, messages: page.messages.map((message) => withText(message, 'what it said')) };
    },
  },
});

function withText(message: StoredMessage, text: string | undefined): StoredMessage {
  return message.recalledAt === undefined || text === undefined ? message : { ...message, content: { text } };
}

/** Says that it applied edits, and does not. */
export const lostEdits: Sabotage = ({ messages }) => ({
  messages: {
    ...messages,
    apply: async (actions) => {
      const others = actions.filter(({ action }) => action.action !== 'edit');
      const results = others.length === 0 ? [] : await messages.apply(others);
      return actions.map((one) => results[others.indexOf(one)] ?? 'applied');
    },
  },
});

/** Counts no mentions that edits add. */
export const uncountedMentions: Sabotage = ({ conversations }) => ({
  conversations: {
    ...conversations,
    act: (actions) => conversations.act(actions.map(withoutMentions)),
  },
});

function withoutMentions(action: ActionToRecord): ActionToRecord {
  if (action.action !== 'edit') return action;
  const { mentions: _, ...edit } = action;
  return edit;
}

/** Says that messages are hidden, and hides none. */
export const lostHides: Sabotage = ({ conversationStates }) => ({
  conversationStates: { ...conversationStates, hide: async () => null },
});

/** Forgets which messages users have hidden. */
export const forgottenHides: Sabotage = ({ conversationStates }) => ({
  conversationStates: { ...conversationStates, hiddenAmong: async (_, keys) => keys.map(() => false) },
});

/** Gives recalled messages as they were when they were put. */
export const unrecalled: Sabotage = ({ messages }) => {
  const texts = new Map<string, string>();
  return {
    messages: {
      ...messages,
      put: async (items) => {
        await messages.put(items);
        for (const { message } of items) texts.set(message.messageId, message.content.text ?? '');
      },
      get: async (keys) =>
        (await messages.get(keys)).map((message) => {
          if (message?.recalledAt === undefined) return message;
          const { recalledAt: _, recalledBy: __, ...before } = message;
          return { ...before, content: { text: texts.get(message.messageId) ?? '' } };
        }),
    },
  };
};

/** Finds messages by the first text that it got. */
export const staleSearch: Sabotage = ({ search }) => {
  const indexed = new Set<string>();
  return {
    search: {
      ...search,
      index: async (documents) => {
        const fresh = documents.filter(({ messageId }) => !indexed.has(messageId));
        for (const { messageId } of fresh) indexed.add(messageId);
        await search.index(fresh);
        return documents.map(() => null);
      },
    },
  };
};
