/** A message as a broker stores it. */
export interface StoredMessage {
  queueOffset: number;
  /** Unix ms by the publisher's clock. */
  bornAt: number;
  properties: Readonly<Record<string, string>>;
  body: Buffer;
}

/** Bits of `sysFlag` that mean that an address has 16 bytes instead of 4. */
const IPV6_PUBLISHER = 1 << 4;
const IPV6_BROKER = 1 << 5;
/** In this version of the layout the topic's length takes two bytes, in the other one. */
const MAGIC_V2 = -626_843_477;
const NAME_END = '\u0001';
const PROPERTY_END = '\u0002';

/** The messages of one answer. Source: `MessageDecoder` of RocketMQ. */
export function decodeStored(data: Buffer): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (let at = 0; at + 4 <= data.length; ) {
    const size = data.readInt32BE(at);
    if (size <= 0 || at + size > data.length) break;
    messages.push(decodeOne(data.subarray(at, at + size)));
    at += size;
  }
  return messages;
}

function decodeOne(data: Buffer): StoredMessage {
  const magic = data.readInt32BE(4);
  const queueOffset = Number(data.readBigInt64BE(20));
  const sysFlag = data.readInt32BE(36);
  const bornAt = Number(data.readBigInt64BE(40));
  // Publisher's address and port; time of storing; broker's address; two more numbers.
  const bodyAt = 48 + addressLength(sysFlag & IPV6_PUBLISHER) + 8 + addressLength(sysFlag & IPV6_BROKER) + 12;
  const body = data.subarray(bodyAt + 4, bodyAt + 4 + data.readInt32BE(bodyAt));
  const topicAt = bodyAt + 4 + body.length;
  const topicEnd = magic === MAGIC_V2 ? topicAt + 2 + data.readInt16BE(topicAt) : topicAt + 1 + data.readUInt8(topicAt);
  const text = data.subarray(topicEnd + 2, topicEnd + 2 + data.readInt16BE(topicEnd)).toString();
  const properties: Record<string, string> = {};
  for (const property of text.split(PROPERTY_END)) {
    const [name = '', value = ''] = property.split(NAME_END);
    if (name !== '') properties[name] = value;
  }
  return { queueOffset, bornAt, properties, body };
}

const addressLength = (isIpv6: number): number => (isIpv6 === 0 ? 8 : 20);
