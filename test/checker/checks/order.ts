import { groupBy, type History } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import type { Identity, Submitted } from '../records.ts';
import { type Violation, violation } from '../violation.ts';

/**
 * C5: one device's messages to one receiver are in the order of sending, in history, in every inbox and on every
 * screen. On screens a message counts once it has its final id: a message that gets another id when it is stored
 * (design, section 4) may be placed elsewhere until its confirmation arrives.
 */
export function checkOrder(history: History, outcome: Outcome): Violation[] {
  const orders = sendingOrders(history);
  const kept = new Map(outcome.messages.map(({ identity, messageId }) => [identity, messageId]));
  const faults: Violation[] = [];
  const compare = (where: string, identities: readonly Identity[]) => {
    const last = new Map<string, { place: number; identity: Identity }>();
    for (const identity of identities) {
      const order = orders.get(identity);
      if (order === undefined) continue;
      const before = last.get(order.stream);
      if (before !== undefined && before.place > order.place) {
        const text = `${where} has ${before.identity} before ${identity}, which was sent first`;
        faults.push(violation('C5', text, identity, before.identity));
        return;
      }
      last.set(order.stream, { place: order.place, identity });
    }
  };
  for (const [conversationId, messages] of groupBy(outcome.messages, (message) => message.conversationId)) {
    compare(`the history of ${conversationId}`, messages.map(identityOfItem));
  }
  for (const { user, updates } of outcome.inboxes) {
    compare(`the inbox of ${user}`, updates.filter((update) => update.type === 'message').map(identityOfItem));
  }
  for (const { device, conversationId, items, at } of history.of('viewed')) {
    const placed = items.filter(({ identity, messageId }) => kept.get(identity) === messageId);
    compare(`${device}'s view of ${conversationId} at ${at}`, placed.map(identityOfItem));
  }
  return faults;
}

function identityOfItem({ identity }: { identity: Identity }): Identity {
  return identity;
}

/** Each message's index among those of the same device to the same receiver. */
function sendingOrders(history: History): Map<Identity, { stream: string; place: number }> {
  const orders = new Map<Identity, { stream: string; place: number }>();
  for (const [stream, sent] of groupBy(history.of('submitted'), ({ device, to }) => `${device} ${to}`)) {
    for (const [place, { identity }] of sent.entries())
      if (!orders.has(identity)) orders.set(identity, { stream, place });
  }
  return orders;
}

/**
 * C5: an answer sorts after the message that it answers, under any id that the answering device saw. Not checked if the
 * question was sent again and got another id because the bus had not accepted the first: the node retracted it, or no
 * client was told that the bus has it. In that case the answer was stored first.
 */
export function checkAnswers(history: History, { messages }: Outcome): Violation[] {
  const kept = new Map(messages.map((message) => [message.identity, message.messageId]));
  const acked = new Set(history.of('acked').map(({ identity, messageId }) => `${identity} ${messageId}`));
  const takenBack = new Set(history.of('retracted').map(({ identity }) => identity));
  const isInverted = ({ identity, answers }: Submitted) => {
    const [question, answer] = [kept.get(answers?.identity ?? ''), kept.get(identity)];
    if (answers === undefined || question === undefined || answer === undefined) return false;
    const isTaken = acked.has(`${answers.identity} ${answers.messageId}`) && !takenBack.has(answers.identity);
    const isAnew = question !== answers.messageId && !isTaken;
    return answer < question && !isAnew;
  };
  return history
    .of('submitted')
    .filter(isInverted)
    .map(({ identity, answers }) =>
      violation(
        'C5',
        `${identity} sorts before ${answers?.identity}, which it answers`,
        identity,
        answers?.identity ?? '',
      ),
    );
}
