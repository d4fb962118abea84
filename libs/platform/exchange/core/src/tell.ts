/**
 * Telling each recipient what it may be told about one client now: decided on one fold of her disclosure stream, recorded there at the version
 * on which it was decided. When somebody wrote first (a withdrawal, say), everything is decided again.
 */
import {
  decideDisclosure,
  digestKey,
  disclosure,
  disclosureEvents,
  disclosureStream,
  recordable,
  type AskedFor,
  type DisclosureCommand,
  type DisclosureEvent,
  type DisclosureState,
  type Permit,
  type Purpose,
  type SharingRequest,
  type WithheldReason,
} from '@convenant/consent';
import { contractId, type DisclosureContract } from '@convenant/contracts';
import {
  dayOf,
  KeyDestroyed,
  stateOf,
  toNewEvents,
  VersionConflict,
  type Category,
  type EventMeta,
  type StoredEvent,
  type Telemetry,
} from '@convenant/kernel';
import type { AnyComposedValue, Composition } from '@convenant/shared-domain';
import { allCategories, asOf, canonicalText, categoriesByField, earliest, openComposed } from './composition.js';
import type { DoorPorts, DoorRules } from './door.js';
import { FactsRead } from './facts-read.js';
import { isIntroduction } from './outgoing.js';
import type { Partner } from './partners.js';

/** Decisions that follow upon one another (a name, then an introduction) are few; more than this is a rule that never comes to rest. */
const mostRounds = 100;

/**
 * What was told before and has not changed is not told twice. `series` is that of the lanes: a stream that was set back reaches the same
 * lengths again, and what is told at them must not get the ids of what partners had then.
 */
export async function tellWhatMayBeTold(
  clientId: string,
  rules: DoorRules,
  ports: DoorPorts,
  traceparent?: string,
  series?: string,
): Promise<void> {
  const stream = disclosureStream(clientId);
  for (let round = 1; round <= mostRounds; round++) {
    const facts = new FactsRead(rules, ports);
    const begin = (known: readonly StoredEvent[]): Telling => {
      const telling = new Telling(
        clientId,
        stateOf(disclosureEvents, disclosure, known),
        known.length,
        facts,
        rules,
        ports,
        series,
      );
      telling.askForFacts();
      return telling;
    };
    // By what is remembered of her it is known which facts will be looked at: they are asked for in the same breath.
    const remembered = begin(ports.store.remembered(stream));
    const stored = await ports.store.read(stream);
    const telling = stored.length === remembered.version ? remembered : begin(stored);
    if (Object.keys(telling.before.consents).length === 0) return;
    const accepted = await telling.decideAll().catch(nothingOnceErased);
    if (accepted.length === 0) return;
    const meta: EventMeta = {
      at: telling.at,
      actor: { kind: 'system', process: 'door' },
      cause: ['door', clientId, stored.length, ...inSeries(series)].join(':'),
      client: clientId,
      ...(traceparent ? { traceparent } : {}),
    };
    try {
      ports.checkpoints.pass('door: before append');
      await ports.store.append(stream, stored.length, toNewEvents(disclosureEvents, accepted, meta, ports.ids, stream));
      ports.checkpoints.pass('door: after append');
      countDecisions(accepted, ports.telemetry);
    } catch (error) {
      if (error instanceof VersionConflict) continue;
      throw error;
    }
    if (telling.isDecided) return;
  }
  throw new Error('What is to be told about a client does not come to rest.');
}

const inSeries = (series: string | undefined): readonly string[] => (series === undefined ? [] : [series]);

/** Her key was destroyed: there is nothing left to tell, and nobody else has to wait for it. */
function nothingOnceErased(error: unknown): readonly DisclosureEvent[] {
  if (error instanceof KeyDestroyed) return [];
  throw error;
}

function countDecisions(accepted: readonly DisclosureEvent[], telemetry: Telemetry): void {
  for (const event of accepted) {
    if (event.type !== 'Disclosed' && event.type !== 'Withheld') continue;
    const { recipient, contract } = event;
    const outcome = event.type === 'Disclosed' ? 'disclosed' : event.reason;
    telemetry.count('convenant_decisions_total', { recipient, contract, outcome });
  }
}

type Keys = DisclosureState['consents'][string]['keys'];

/** What may be told to whom, for what. */
type Question = readonly [Subject, Partner, Composition];

/** One round of decisions about one client. Holds the events that they come to, and the state with those in it. */
class Telling {
  readonly at: string;
  readonly #accepted: DisclosureEvent[] = [];
  #state: DisclosureState;
  #inQuestion: readonly Question[] = [];

  constructor(
    readonly clientId: string,
    readonly before: DisclosureState,
    readonly version: number,
    readonly facts: FactsRead,
    readonly rules: DoorRules,
    readonly ports: DoorPorts,
    readonly series: string | undefined,
  ) {
    this.#state = before;
    this.at = ports.clock.now();
  }

  /**
   * Nothing was accepted that changes another decision, so another round would come to the same. A name that was drawn, or an answer that used
   * up its consent, may change what was decided earlier in the round; what was told or withheld changes no other decision.
   */
  get isDecided(): boolean {
    return this.#state.pseudonyms === this.before.pseudonyms && this.#state.consents === this.before.consents;
  }

  /** What is looked at one after the other is asked for at once. */
  askForFacts(): void {
    this.#inQuestion = this.#toConsider().filter((each) => !this.#isOutOfTheQuestion(...each));
    for (const [{ singleUseFor }, , composition] of this.#inQuestion)
      this.facts.ahead(composition.streams(this.clientId, singleUseFor));
  }

  async decideAll(): Promise<readonly DisclosureEvent[]> {
    for (const recipient of recipientsToName(this.#state))
      if (this.ports.partners.find(recipient)) this.#name(recipient);
    for (const each of this.isDecided ? this.#inQuestion : this.#toConsider())
      if (this.isDecided || !this.#isOutOfTheQuestion(...each)) await this.#consider(...each);
    return this.#accepted;
  }

  #toConsider(): readonly Question[] {
    return subjectsToConsider(this.#state).flatMap((subject) => {
      const partner = this.ports.partners.find(subject.recipient);
      if (!partner) return [];
      return this.rules.compositions
        .filter(
          ({ contract: { from, to } }) => from.includes(this.rules.organisation.kind) && to.includes(partner.kind),
        )
        .map((composition) => [subject, partner, composition] as const);
    });
  }

  #carryOut(command: DisclosureCommand): void {
    const decision = disclosure.decide(command, this.#state);
    if ('refused' in decision) return;
    for (const event of decision.accepted) {
      this.#accepted.push(event);
      this.#state = disclosure.evolve(this.#state, event);
    }
  }

  /** Recorded here first, so that a door that is stopped does not draw another at every attempt; it leads back to her before it is used. */
  #name(recipient: string): void {
    const { ids, random } = this.ports;
    this.#carryOut({ type: 'DrawPseudonym', recipient, pseudonym: ids.derive(random.secret()), at: this.at });
  }

  async #consider(subject: Subject, partner: Partner, composition: Composition): Promise<void> {
    const { contract } = composition;
    const name = this.#state.pseudonyms[partner.id];
    const introduction = isIntroduction(contract);
    const { events, decoded } = await this.facts.of(composition.streams(this.clientId, subject.singleUseFor));
    const composed = composition.compose(decoded);
    const moment = asOf(events);
    const oldest = earliest(events);
    if (!composed || !moment || !oldest) return;
    const permit = this.#permitFor(subject, partner, contract, composed, dayOf(oldest));
    if (!permit) return;
    if (introduction ? this.#wasIntroduced(permit) : name?.linked !== true) {
      if (!introduction && name?.linked === false)
        this.#withhold(partner, subject.purpose, contract, 'not-introduced', permit.categories, permit.policyVersion);
      return;
    }
    await this.#tell(permit, contract, composed, name?.pseudonym ?? '', moment);
  }

  /** There is nothing to tell, whatever the facts are. */
  #isOutOfTheQuestion(subject: Subject, partner: Partner, { contract }: Composition): boolean {
    const name = this.#state.pseudonyms[partner.id];
    // Whoever introduced her to us need not be told who she is; and nobody is told anything before knowing whom it is about.
    const needsNoIntroduction = name === undefined || name.linked !== undefined || !name.ours;
    return (isIntroduction(contract) && needsNoIntroduction) || this.#canNeverGo(subject, partner, contract);
  }

  /** No rule lets any of this go to this recipient for this purpose: there is nothing to withhold, and nothing to read. */
  #canNeverGo(subject: Subject, partner: Partner, contract: DisclosureContract): boolean {
    const { kind: source, id: sourceOrganisation } = this.rules.organisation;
    const fields = allCategories(contract);
    const verdict = decideDisclosure(
      {
        source,
        sourceOrganisation,
        recipientKind: partner.kind,
        ...subject,
        contract: contractId(contract),
        fields,
        now: this.at,
      },
      this.#state,
      this.rules.policy,
    );
    return (
      'denied' in verdict &&
      verdict.denied.every(({ reason }) => reason === 'no-row' || reason === 'never' || reason === 'no-basis')
    );
  }

  /** What may leave of what there is; what may not is recorded, once for each reason. */
  #permitFor(
    subject: Subject,
    partner: Partner,
    contract: DisclosureContract,
    composed: Readonly<Record<string, unknown>>,
    dataFrom: string,
  ): Permit | undefined {
    const requestFor = (fields: Readonly<Record<string, Category>>): SharingRequest => ({
      source: this.rules.organisation.kind,
      sourceOrganisation: this.rules.organisation.id,
      recipientKind: partner.kind,
      ...subject,
      contract: contractId(contract),
      fields,
      dataFrom,
      now: this.at,
    });
    const decide = (request: SharingRequest) => ({
      request,
      verdict: decideDisclosure(request, this.#state, this.rules.policy),
    });
    const all = allCategories(contract);
    const ofWhole = decide(requestFor(all));
    const present = Object.keys(composed).filter((field) => composed[field] !== undefined);
    const isWhole = Object.keys(all).join() === present.join();
    const { request, verdict } =
      'permit' in ofWhole.verdict && !isWhole ? decide(requestFor(categoriesByField(contract, present))) : ofWhole;
    const { policyVersion } = 'permit' in verdict ? verdict.permit : verdict;
    for (const { reason, categories } of 'permit' in verdict ? verdict.permit.withheld : verdict.denied)
      this.#withhold(partner, subject.purpose, contract, reason, categories, policyVersion, recordable(request));
    return 'permit' in verdict ? verdict.permit : undefined;
  }

  #withhold(
    { id: recipient, kind: recipientKind }: Partner,
    purpose: Purpose,
    contract: DisclosureContract,
    reason: WithheldReason,
    categories: readonly Category[],
    policyVersion: string,
    asked?: AskedFor,
  ): void {
    this.#carryOut({
      type: 'RecordWithheld',
      recipient,
      recipientKind,
      purpose,
      contract: contractId(contract),
      categories,
      reason,
      policyVersion,
      asked,
      at: this.at,
    });
  }

  /** She is introduced once: under another consent only when the one under which it was done no longer stands. */
  #wasIntroduced({ recipient, contract, consentId }: Permit): boolean {
    return Object.values(this.#state.disclosed).some(
      (told) =>
        told.recipient === recipient &&
        told.contract === contract &&
        !told.stopped &&
        told.consentId !== consentId &&
        this.#state.consents[told.consentId]?.state === 'given',
    );
  }

  async #tell(
    permit: Permit,
    contract: DisclosureContract,
    composed: Readonly<Record<string, AnyComposedValue>>,
    pseudonym: string,
    moment: string,
  ): Promise<void> {
    const { ids, sealer } = this.ports;
    const offered = this.#state.consents[permit.consentId]?.keys ?? [];
    const keys = permit.categories.flatMap((category) => offered.findLast((key) => key.category === category) ?? []);
    // The recipient has not offered its keys for all of this yet; the door is woken again when it does.
    if (keys.length < permit.categories.length) return;
    const values = await openComposed(
      Object.fromEntries(permit.fields.map((field) => [field, composed[field]])),
      (sealed) => sealer.open(sealed),
    );
    if (!values) return;
    const id = contractId(contract);
    // Fresh keys (after a narrowing and widening) make it a new telling even when nothing changed.
    const contentDigest = await sealer.digest(
      this.clientId,
      `${id} ${keys.map(({ keyId }) => keyId).join(' ')} ${canonicalText(values)}`,
    );
    if (this.#state.lastDigest[digestKey(permit.consentId, id)]?.digest === contentDigest) return;
    this.#carryOut({
      type: 'RecordDisclosed',
      permit,
      messageId: ids.derive(
        'disclosed',
        this.clientId,
        String(this.version),
        String(this.#accepted.length),
        ...inSeries(this.series),
      ),
      pseudonym,
      asOf: moment,
      contentDigest,
      parts: await this.#seal(values, contract, keys),
      content: await sealer.seal(this.clientId, values),
      at: this.at,
    });
  }

  /** One part per category, each under the scope key that the recipient made for it. */
  #seal(values: Readonly<Record<string, unknown>>, contract: DisclosureContract, keys: Keys) {
    return Promise.all(
      keys.map(async ({ category, keyId, publicKey }) => {
        const fields = Object.fromEntries(
          Object.entries(values).filter(([name]) => contract.fields[name]?.category === category),
        );
        return { category, keyId, sealedText: await this.ports.scopeKeys.seal(publicKey, keyId, fields) };
      }),
    );
  }
}

const recipientsToName = (state: DisclosureState): readonly string[] => [
  ...new Set(
    Object.values(state.consents).flatMap((consent) =>
      consent.state === 'given' && !state.pseudonyms[consent.recipient] ? [consent.recipient] : [],
    ),
  ),
];

interface Subject {
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly singleUseFor?: string;
}
/**
 * Every recipient and purpose that she was asked about and has answered: told, or recorded once as withheld; a question that waits for
 * its answer withholds nothing. Consents for one answer are each considered with their own question, so that one holds up no other.
 */
const subjectsToConsider = (state: DisclosureState): readonly Subject[] => {
  const subjects = Object.values(state.consents)
    .filter((consent) => consent.state !== 'proposed')
    .map(({ recipient, purpose, singleUseFor }): Subject => ({
      recipient,
      purpose,
      ...(singleUseFor === undefined ? {} : { singleUseFor }),
    }));
  return [...new Map(subjects.map((subject) => [Object.values(subject).join(' '), subject])).values()];
};
