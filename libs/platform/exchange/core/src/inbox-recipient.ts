/** Messages to us as a recipient: consents that name us, how they close, who a pseudonym is, and what we are told. They change the received stream. */
import { contractId, partSchema, type ControlContract, type DisclosureContract } from '@convenant/contracts';
import { run, stateOf, type EventMeta } from '@convenant/kernel';
import { clientOf } from './client-names.js';
import type { Handled, Inbox, InboxPorts, InboxRules, Incoming } from './inbox.js';
import { metaOf } from './inbox-meta.js';
import { destroyClosedKeys } from './key-destruction.js';
import { announcedData, CannotUnderstand, closedData, reopenedData, toldData, understood } from './message-data.js';
import { rememberName } from './names.js';
import { isIntroduction } from './outgoing.js';
import type { ReceivedCommand } from './received-commands.js';
import { receivedEvents, receivedStream } from './received-events.js';
import {
  categoriesWithoutKey,
  expiredConsents,
  isRunning,
  known,
  type Part,
  type ReceivedState,
} from './received-state.js';
import { received } from './received.js';

type Person = Parameters<InboxRules['findClients']>[0];

export interface RecipientSide extends Pick<Inbox, 'answerIntroduction' | 'closeExpired'> {
  /** `undefined` for a message that is not one of these. */
  control(contract: ControlContract, incoming: Incoming): Promise<Handled | undefined>;
  told(contract: DisclosureContract, incoming: Incoming): Promise<Handled>;
}

export function recipientSide(rules: InboxRules, ports: InboxPorts): RecipientSide {
  const { store, scopeKeys, clock, ids, checkpoints } = ports;

  const stateNow = async (partner: string, pseudonym: string): Promise<ReceivedState> =>
    stateOf(receivedEvents, received, await store.read(receivedStream(partner, pseudonym)));
  const keep = async (partner: string, pseudonym: string, command: ReceivedCommand, meta: EventMeta) => {
    checkpoints.pass('inbox: before append');
    const ran = await run(store, receivedStream(partner, pseudonym), receivedEvents, received, command, {
      ids,
      meta: ({ link }) => (link.at === 'linked' ? { ...meta, client: link.clientId } : meta),
    });
    checkpoints.pass('inbox: after append');
    return ran;
  };

  /** Makes a key for whatever stands without one. A step of its own, so that any message after which keys are missing can lead to it. */
  const offerMissingKeys = async (
    partner: string,
    pseudonym: string,
    consentId: string,
    meta: EventMeta,
  ): Promise<void> => {
    const state = await stateNow(partner, pseudonym);
    const entry = known(state.register, consentId);
    const missing = categoriesWithoutKey(state, consentId);
    if (missing.length === 0 || !entry?.purpose) return;
    const { version, purpose, roles } = entry;
    const keys = await Promise.all(
      missing.map(async (category) => {
        const keyId = ids.derive('scope-key', partner, pseudonym, consentId, String(version), category);
        const medical = category === 'K5';
        // Her own data opens for herself too, except a medical answer: that she reads where it was written, before it leaves.
        const opensFor = medical ? roles : [...roles, 'client', 'representative'];
        const publicKey = await scopeKeys.make(keyId, {
          discloser: partner,
          pseudonym,
          consentId,
          purpose,
          category,
          roles: opensFor,
          medical,
        });
        return { category, keyId, publicKey };
      }),
    );
    await keep(
      partner,
      pseudonym,
      { type: 'OfferKeys', discloser: partner, pseudonym, consentId, version, keys, at: clock.now() },
      { ...meta, cause: `keys:${meta.cause}` },
    );
  };

  const announced = async (incoming: Incoming): Promise<Handled> => {
    const { message, sender } = incoming;
    const { consentVersion: version, ...consent } = understood(announcedData, message.data);
    const from = { discloser: sender.id, pseudonym: message.subject };
    const before = known((await stateNow(sender.id, message.subject)).register, consent.consentId);
    // A sender that was set back to a backup counts again from there. Which of the two she meant is not for us to guess.
    if (before?.version === version && !sameCategories(before.categories, consent.categories))
      throw new CannotUnderstand('version-known-otherwise');
    const meta = metaOf(incoming, clock);
    await keep(
      sender.id,
      message.subject,
      { type: 'RegisterConsent', ...from, discloserKind: sender.kind, version, ...consent, at: clock.now() },
      meta,
    );
    await offerMissingKeys(sender.id, message.subject, consent.consentId, meta);
    await linkByOwnName(incoming);
    return 'kept';
  };

  /** Whom we introduced ourselves need not be introduced to us: the pseudonym is ours and says who she is. */
  const linkByOwnName = async (incoming: Incoming): Promise<void> => {
    const { message, sender } = incoming;
    if ((await stateNow(sender.id, message.subject)).link.at !== 'not-introduced') return;
    const clientId = await clientOf(store, sender.id, message.subject);
    if (clientId === undefined) return;
    const meta = { ...metaOf(incoming, clock, clientId), cause: `own-name:${message.id}` };
    await keep(
      sender.id,
      message.subject,
      { type: 'Link', discloser: sender.id, pseudonym: message.subject, clientId, by: 'own-name', at: clock.now() },
      meta,
    );
  };

  const closed = async (incoming: Incoming): Promise<Handled> => {
    const { message, sender } = incoming;
    const { consentVersion, ...scope } = understood(closedData, message.data);
    const meta = metaOf(incoming, clock);
    await closeScope(sender.id, message.subject, { ...scope, version: consentVersion }, meta);
    // A narrowing that comes after the widening that followed it destroys keys that the widening needs again.
    await offerMissingKeys(sender.id, message.subject, scope.consentId, meta);
    return 'kept';
  };

  const closeScope = async (
    partner: string,
    pseudonym: string,
    scope: Pick<Extract<ReceivedCommand, { type: 'CloseScope' }>, 'consentId' | 'version' | 'categories' | 'how'>,
    meta: EventMeta,
  ): Promise<void> => {
    await keep(
      partner,
      pseudonym,
      { type: 'CloseScope', discloser: partner, pseudonym, ...scope, at: clock.now() },
      meta,
    );
    await destroyClosedKeys(partner, pseudonym, meta, ports);
  };

  const reopened = async (incoming: Incoming): Promise<Handled> => {
    const { message, sender } = incoming;
    const { consentVersion: version, ...consent } = understood(reopenedData, message.data);
    await keep(
      sender.id,
      message.subject,
      { type: 'ReopenScope', discloser: sender.id, pseudonym: message.subject, ...consent, version, at: clock.now() },
      metaOf(incoming, clock),
    );
    return 'kept';
  };

  const introduce = async (
    incoming: Incoming,
    consentId: string,
    part: Part,
    contract: DisclosureContract,
  ): Promise<Handled> => {
    const { message, sender } = incoming;
    const from = { discloser: sender.id, pseudonym: message.subject };
    const ran = await keep(
      sender.id,
      message.subject,
      { type: 'KeepIntroduction', ...from, messageId: message.id, consentId, part, at: clock.now() },
      metaOf(incoming, clock),
    );
    // During a pause nothing is kept: the sender, who knows of it, tells again when she resumes. After a closing nobody is introduced any more.
    if ('refused' in ran) return ran.refused === 'paused' ? 'waits' : 'kept';
    const { link } = await stateNow(sender.id, message.subject);
    if (link.at !== 'introduced') return 'kept';
    const matched = await matchByName(incoming, link.part, contract);
    // A pause overtook it between keeping and linking. With a receipt now, nobody would ever link her: no other message leads here again.
    return matched === 'scope-closed' && (await isPaused(sender.id, message.subject, consentId)) ? 'waits' : 'kept';
  };
  const isPaused = async (partner: string, pseudonym: string, consentId: string): Promise<boolean> => {
    const entry = known((await stateNow(partner, pseudonym)).register, consentId);
    return entry !== undefined && entry.paused && isRunning(entry, clock.now());
  };

  /** Links exactly one client with the same name and date of birth; in any other case a person decides. Returns why it may not link. */
  const matchByName = async (
    incoming: Incoming,
    part: Part,
    contract: DisclosureContract,
  ): Promise<string | undefined> => {
    const opened = await scopeKeys
      .open<Person>(part.keyId, part.sealedText, { use: 'matching' })
      .catch(() => undefined);
    if (opened === undefined) throw new CannotUnderstand('unreadable-introduction');
    if (typeof opened === 'string') return 'scope-closed';
    if (!partSchema(contract, part.category).safeParse(opened.value).success)
      throw new CannotUnderstand('unreadable-introduction');
    const [only, ...others] = await rules.findClients(opened.value);
    if (only === undefined || others.length > 0) return undefined;
    const linked = await link(incoming.sender.id, incoming.message.subject, only, 'exact-match', {
      ...metaOf(incoming, clock),
      cause: `match:${incoming.message.id}`,
    });
    return linked.refused;
  };

  const link = async (
    partner: string,
    pseudonym: string,
    clientId: string,
    by: 'exact-match' | 'person',
    meta: EventMeta,
  ): Promise<{ refused?: string }> => {
    const other = await clientOf(store, partner, pseudonym);
    if (other !== undefined && other !== clientId) return { refused: 'already-assigned' };
    const at = clock.now();
    const linked = await keep(
      partner,
      pseudonym,
      { type: 'Link', discloser: partner, pseudonym, clientId, by, at },
      { ...meta, client: clientId },
    );
    if ('refused' in linked) return { refused: linked.refused };
    // The door does this too when it reads of the link, so that a crash between the two leaves nothing half done.
    await rememberName({ partner, pseudonym, clientId, at }, meta, ports);
    return {};
  };

  return {
    async control({ name }, incoming) {
      switch (name) {
        case 'consent-announced':
          return announced(incoming);
        case 'consent-closed':
          return closed(incoming);
        case 'consent-reopened':
          return reopened(incoming);
        default:
          return undefined;
      }
    },
    async told(contract, incoming) {
      const { message, sender } = incoming;
      const { consentId, consentVersion, asOf, parts } = understood(toldData(contract), message.data);
      const [first] = parts;
      // Only its number came: it was stopped after it may have arrived once.
      if (!first) return 'kept';
      if (isIntroduction(contract)) return introduce(incoming, consentId, first, contract);
      const command = {
        type: 'KeepDisclosure',
        discloser: sender.id,
        pseudonym: message.subject,
        messageId: message.id,
        consentId,
        consentVersion,
        contract: contractId(contract),
        asOf,
        parts,
        at: clock.now(),
      } as const;
      const ran = await keep(sender.id, message.subject, command, metaOf(incoming, clock));
      return 'refused' in ran ? 'waits' : 'kept';
    },
    async answerIntroduction(partner, pseudonym, answer, requestId, actor) {
      const meta: EventMeta = { at: clock.now(), actor, cause: requestId };
      if (answer !== 'not-ours') return link(partner, pseudonym, answer.link, 'person', meta);
      const said = await keep(
        partner,
        pseudonym,
        { type: 'SayNotOurs', discloser: partner, pseudonym, at: clock.now() },
        meta,
      );
      if ('refused' in said) return { refused: said.refused };
      await destroyClosedKeys(partner, pseudonym, meta, ports);
      return {};
    },
    async closeExpired(partner, pseudonym) {
      const at = clock.now();
      for (const { consentId, version } of expiredConsents(await stateNow(partner, pseudonym), at)) {
        const meta: EventMeta = {
          at,
          actor: { kind: 'system', process: 'expiry' },
          cause: `expired:${consentId}:${version}`,
        };
        await closeScope(partner, pseudonym, { consentId, version, categories: [], how: 'expired' }, meta);
      }
    },
  };
}

const sameCategories = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((category) => other.includes(category));
