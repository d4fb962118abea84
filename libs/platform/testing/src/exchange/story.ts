/** What people do in the stories of door and inbox, in the words of the stories, straight on the streams. */
import {
  disclosure,
  disclosureEvents,
  disclosureStream,
  type ConsentCategory,
  type DisclosureCommand,
  type DisclosureEvent,
  type Purpose,
} from '@convenant/consent';
import { contractId, type Contract } from '@convenant/contracts';
import {
  openCategories,
  received,
  receivedEvents,
  receivedFacts,
  receivedStream,
  type ReceivedEvent,
  type ReceivedFactRow,
} from '@convenant/exchange';
import { fold, run, type Category, type StoredRow } from '@convenant/kernel';
import { clientRecord, clientRecordEvents, clientStream, nameForMatching } from '@convenant/shared-domain';
import type { OrganisationInWorld, World } from '../world.js';
import { factEvents, facts, factStream } from './example-services.js';

export const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };
export type Command<Type extends DisclosureCommand['type']> = Extract<DisclosureCommand, { type: Type }>;

/** Of everything that is done in a story. */
export const traceOfHers = 'a'.repeat(32);

/** What a story needs of an organisation, whatever it runs on. */
export type InStory = Pick<OrganisationInWorld, 'id' | 'service' | 'ports'>;
export type StoryTime = Pick<World, 'now'>;

/** One organisation and one of its clients. Nothing here waits for what comes of it: call `world.settle()` for that. */
export class Client {
  #count = 0;
  constructor(
    readonly world: StoryTime,
    readonly organisation: InStory,
    readonly id: string,
  ) {}

  async register(person = anna): Promise<this> {
    const { sealer, store, ids } = this.organisation.ports;
    const { id: clientId } = this;
    const [initials, familyName, dateOfBirth] = await Promise.all([
      sealer.seal(clientId, person.initials),
      sealer.seal(clientId, person.familyName),
      sealer.seal(clientId, person.dateOfBirth),
    ]);
    const nameDigest = await sealer.lookupDigest(nameForMatching(person));
    const command = {
      type: 'RegisterClient',
      clientId,
      nameDigest,
      initials,
      familyName,
      dateOfBirth,
      at: this.world.now(),
    } as const;
    await run(store, clientStream(clientId), clientRecordEvents, clientRecord, command, { ids, meta: this.#meta() });
    return this;
  }

  async note(
    contract: Pick<Contract, 'name' | 'version'>,
    values: Readonly<Record<string, unknown>>,
    question?: string,
  ): Promise<void> {
    const { store, ids } = this.organisation.ports;
    const fact = { factId: `fact-${this.#count}`, contract: contractId(contract), values };
    await run(store, factStream(this.id, question), factEvents, facts, fact, { ids, meta: this.#meta() });
  }

  async does(command: DisclosureCommand): Promise<void> {
    const { store, ids } = this.organisation.ports;
    const ran = await run(store, disclosureStream(this.id), disclosureEvents, disclosure, command, {
      ids,
      meta: this.#meta(),
    });
    if ('refused' in ran) throw new Error(`${command.type} was refused: ${ran.refused}`);
  }

  /** She is asked for K1, K2, K3 and K7 and says yes to some of it. */
  async consents(
    consentId: string,
    recipient: InStory,
    categories: readonly ConsentCategory[],
    rest: Partial<Command<'Propose'>> = {},
  ): Promise<void> {
    await this.does({
      type: 'Propose',
      consentId,
      source: this.organisation.service.organisation.kind,
      recipient: recipient.id,
      recipientKind: recipient.service.organisation.kind,
      roles: recipient.service.organisation.kind === 'uwv' ? ['insurancePhysician', 'labourExpert'] : ['clientManager'],
      purpose: 'support' as Purpose,
      categories: ['K1', 'K2', 'K3', 'K7'],
      validMonths: 12,
      informationVersion: 'text-1',
      at: this.world.now(),
      ...rest,
    });
    await this.says(consentId, categories);
  }
  says(consentId: string, categories: readonly ConsentCategory[]): Promise<void> {
    return this.does({
      type: 'Answer',
      consentId,
      answer: 'yes',
      categories,
      by: 'client',
      method: 'digital',
      language: 'nl',
      at: this.world.now(),
    });
  }
  narrows(consentId: string, ...remove: ConsentCategory[]): Promise<void> {
    return this.does({ type: 'Narrow', consentId, remove, by: 'client', at: this.world.now() });
  }
  pauses(consentId: string): Promise<void> {
    return this.does({ type: 'Pause', consentId, by: 'client', at: this.world.now() });
  }
  resumes(consentId: string): Promise<void> {
    return this.does({ type: 'Resume', consentId, by: 'client', at: this.world.now() });
  }
  withdraws(consentId: string): Promise<void> {
    return this.does({ type: 'Withdraw', consentId, by: 'client', at: this.world.now() });
  }

  async stream(): Promise<readonly DisclosureEvent[]> {
    return (await this.organisation.ports.store.read(disclosureStream(this.id))).map(
      (event) => disclosureEvents.decode(event) as DisclosureEvent,
    );
  }
  async happened<Type extends DisclosureEvent['type']>(
    type: Type,
  ): Promise<readonly Extract<DisclosureEvent, { type: Type }>[]> {
    return (await this.stream()).filter(
      (event): event is Extract<DisclosureEvent, { type: Type }> => event.type === type,
    );
  }
  async state() {
    return fold(disclosure, await this.stream());
  }

  #meta() {
    return {
      at: this.world.now(),
      actor: { kind: 'person', person: 'noor', role: 'employmentSpecialist' } as const,
      cause: `${this.id}-${++this.#count}`,
      client: this.id,
      traceparent: `00-${traceOfHers}-bbbbbbbbbbbbbbbb-01`,
    };
  }
}

/** Everything that this organisation keeps of what it was told, on every stream. */
export async function keptBy({ ports }: InStory): Promise<readonly ReceivedEvent[]> {
  const all = await ports.store.readAll(undefined, 100_000);
  return all
    .filter(({ type }) => receivedEvents.knows(type))
    .map((event) => receivedEvents.decode(event) as ReceivedEvent);
}

export const rowsOf = async (
  { service, ports }: InStory,
  client?: string,
): Promise<readonly StoredRow<ReceivedFactRow>[]> => {
  await service.settle();
  const rows = (await ports.views.all({
    name: receivedFacts.name,
    version: receivedFacts.version,
  })) as unknown as readonly StoredRow<ReceivedFactRow>[];
  return rows.filter(({ row }) => client === undefined || row.clientId === client);
};

/** What a person in this role could be shown at this moment: the rows whose scope is open on the register and whose key opens. */
export async function shownBy(
  world: StoryTime,
  organisation: InStory,
  client: string,
  role = 'labourExpert',
): Promise<Record<string, unknown>> {
  const shown: Record<string, unknown> = {};
  for (const { row } of await rowsOf(organisation, client)) {
    const stream = await organisation.ports.store.read(receivedStream(row.discloser, row.pseudonym));
    const state = fold(
      received,
      stream.map((event) => receivedEvents.decode(event) as ReceivedEvent),
    );
    if (
      !openCategories(state.register[row.consentId], world.now()).includes(
        row.category as Extract<Category, ConsentCategory>,
      )
    )
      continue;
    const opened = await organisation.ports.scopeKeys.open(row.keyId, row.sealedText, {
      use: 'read',
      role,
      person: 'somebody',
      assigned: true,
    });
    if (typeof opened !== 'string') shown[row.contract] = opened.value;
  }
  return shown;
}
