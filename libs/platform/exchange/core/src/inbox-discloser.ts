/** Messages to us as the organisation that discloses: keys, answers to an introduction, proofs of closing and questions. They change the client's own stream. */
import { disclosure, disclosureEvents, disclosureStream, type DisclosureCommand } from '@convenant/consent';
import type { ControlContract } from '@convenant/contracts';
import { run } from '@convenant/kernel';
import { clientOf } from './client-names.js';
import type { Handled, Incoming, InboxPorts, InboxRules } from './inbox.js';
import { metaOf } from './inbox-meta.js';
import {
  acknowledgedData,
  answeredData,
  askedData,
  CannotUnderstand,
  offeredData,
  understood,
} from './message-data.js';

/** `undefined` for a message that is not one of these. */
export async function handleAsDiscloser(
  contract: ControlContract,
  incoming: Incoming,
  { organisation }: InboxRules,
  ports: InboxPorts,
): Promise<Handled | undefined> {
  const said = commandOf(contract, incoming, organisation.kind, ports.clock.now());
  if (!said) return undefined;
  const command =
    said.type === 'AcknowledgeClosing'
      ? { ...said, wasSetBack: (await ports.ledger.afterRestore()).series !== undefined }
      : said;
  const { sender, message } = incoming;
  const client = await clientOf(ports.store, sender.id, message.subject);
  if (client === undefined) throw new CannotUnderstand('unknown-pseudonym');
  ports.checkpoints.pass('inbox: before append');
  const meta = metaOf(incoming, ports.clock, client);
  const ran = await run(ports.store, disclosureStream(client), disclosureEvents, disclosure, command, {
    ids: ports.ids,
    meta,
  });
  ports.checkpoints.pass('inbox: after append');
  // A question that the matrix has no row for is heard and changes nothing: no answer looks the same as any other silence.
  if ('refused' in ran && command.type !== 'Ask') throw new CannotUnderstand(`refused:${ran.refused}`);
  return 'kept';
}

function commandOf(
  { name }: ControlContract,
  { message, sender, signed }: Incoming,
  ourKind: InboxRules['organisation']['kind'],
  at: string,
): DisclosureCommand | undefined {
  const recipient = sender.id;
  switch (name) {
    case 'scope-keys-offered':
      return { type: 'LearnScopeKeys', recipient, ...understood(offeredData, message.data), at };
    case 'introduction-answered':
      return {
        type: 'AnswerIntroduction',
        recipient,
        pseudonym: message.subject,
        ...understood(answeredData, message.data),
        at,
      };
    case 'closing-acknowledged':
      return {
        type: 'AcknowledgeClosing',
        recipient,
        ...understood(acknowledgedData, message.data),
        proof: signed,
        at,
      };
    case 'disclosure-asked':
      return {
        type: 'Ask',
        source: ourKind,
        recipient,
        recipientKind: sender.kind,
        ...understood(askedData, message.data),
        at,
      };
    default:
      return undefined;
  }
}
