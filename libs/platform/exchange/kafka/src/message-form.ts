/** How a message lies in Kafka: which topic, which key, which headers. Value: the signed message as it is, a compact JWS. */
import { createHash } from 'node:crypto';

/**
 * Structured mode of the CloudEvents Kafka binding. The event format is the JSON format inside a compact JWS: whoever knows CloudEvents but
 * not this format may forward it as a whole, and cannot read it by mistake without verifying it.
 */
export const contentType = 'application/cloudevents+jose';

export const defaultTopicPrefix = 'convenant.exchange';

/**
 * Two topics per recipient. What has no place in a lane (withdrawals, objections, erasures and their answers, receipts) has one of its own,
 * so that it never waits behind what has.
 */
export const topicsOf = (
  recipient: string,
  prefix = defaultTopicPrefix,
): { readonly lanes: string; readonly urgent: string } => ({
  lanes: `${prefix}.${recipient}`,
  urgent: `${prefix}.${recipient}.urgent`,
});

/** All instances of one organisation's service share one group. */
export const groupOf = (organisation: string, prefix = defaultTopicPrefix): string => `${prefix}.${organisation}`;

export interface Place {
  /** The same for all messages of a lane: Kafka keeps their order. */
  readonly key: string;
  readonly urgent: boolean;
}

/**
 * The key is a digest of the pseudonym: tools and logs that print keys then show nothing by which a client can be followed. What is no
 * message of ours has a lane of its own; the recipient's inbox says what it thinks of it.
 */
export function laneKey(signed: string): Place {
  const message = claimsOf(signed);
  const subject = typeof message?.subject === 'string' ? message.subject : signed;
  return { key: digest(subject), urgent: message !== undefined && message.sequence === undefined };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Read without verifying: good for choosing a partition, and for nothing else. */
function claimsOf(signed: string): { readonly subject?: unknown; readonly sequence?: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(signed.split('.', 3)[1] ?? '', 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
